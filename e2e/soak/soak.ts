import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '@tributary/prisma/seed';
import { graphql } from '@tributary/testing/outside-jest';
import { audit, type Discrepancy, workIsDone } from '../support/books.ts';
import { until } from '../support/until.ts';
import { createFaults, type FaultsOptions } from './faults.ts';
import { growth, type Holdings, holdingsOf, residentBytes } from './health.ts';
import { createLoad } from './load.ts';
import { type Parts, startParts } from './parts.ts';
import { createTally, TEMPORARY } from './tally.ts';

export interface SoakOptions extends FaultsOptions {
  /** Milliseconds of load and faults. */
  duration: number;
  /** Decides what goes wrong, when and where. */
  seed: number;
  /** Told how it stands, every second. */
  onProgress?(progress: SoakProgress): void;
}

/** How a soak stands. */
export interface SoakProgress {
  /** Milliseconds so far, of load and faults. */
  elapsed: number;
  phase: 'starting' | 'first half' | 'middle' | 'second half' | 'end' | 'checking';
  answers: number;
  sales: number;
  errors: Readonly<Record<string, number>>;
  fault: string | null;
  /** Bytes of each process. */
  rss: Readonly<Record<string, number>>;
}

/** What came of a soak. */
export interface SoakReport {
  seed: number;
  seconds: number;
  answers: number;
  answersPerSecond: number;
  sales: number;
  cancelled: number;
  events: number;
  errors: Readonly<Record<string, number>>;
  faults: Readonly<Record<string, number>>;
  /** Processes when everybody rests, in the middle and at the end. */
  middle: Record<string, Holdings>;
  end: Record<string, Holdings>;
  /** Milliseconds from the last fault until everything worked again. */
  recovery: number;
  discrepancies: Discrepancy[];
  /** All that is wrong; nothing when the soak was passed. */
  problems: string[];
}

/** Everything has to work again by itself so soon after the last fault. */
const RECOVERY = 5_000; // 5 seconds
const PATIENCE = 60_000; // 1 minute; after that nothing works again
const SETTLING = 60_000; // 1 minute for jobs whose worker was killed: it is taken for dead after half of that
const IDLE = 20_000; // 20 seconds for connections that nobody needs any more to be closed

const QUICK = 1_000; // 1 second between two words on how it stands

const EVERYWHERE = '{ viewer { displayName cart { id } } products(first: 1) { edges { node { id } } } }';

/**
 * Puts the whole graph under load while things go wrong, in two halves; in the first one processes are killed as well, in
 * the second one they live, so that what they hold can be compared. After each half everybody rests.
 *
 * @throws when it cannot be started, or a shopper is answered what no outage explains
 */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const parts = await startParts(draws('ways', options.seed));
  try {
    return await soakParts(parts, options);
  } finally {
    await parts.stop();
  }
}

const draws = (stream: string, seed: number): (() => number) => {
  const random = new Random(`soak: ${stream}`, seed);
  return () => random.fraction();
};

async function soakParts(
  parts: Parts,
  { duration, seed, killable, onProgress = () => undefined }: SoakOptions,
): Promise<SoakReport> {
  const { ground, services } = parts;
  const tally = createTally();
  const load = await createLoad(parts, tally, draws('load', seed));
  const faults = createFaults(parts, draws('faults', seed), { killable });
  let phase: SoakProgress['phase'] = 'starting';
  let [elapsed, begun] = [0, 0];
  const time = () => elapsed + (begun && performance.now() - begun);
  const report = setInterval(() => onProgress(progress()), QUICK);
  const progress = (): SoakProgress => ({
    elapsed: time(),
    phase,
    answers: tally.answers,
    sales: load.sales.length,
    errors: tally.errors,
    fault: faults.now,
    rss: Object.fromEntries(Object.entries(services).map(([name, { pid }]) => [name, residentBytes(pid)])),
  });
  const works = async () => {
    const headers = await ground.authorization('customer');
    const answer = await graphql(`${services.gateway.url}/graphql`, { query: EVERYWHERE, headers }).catch(
      () => null,
    );
    return answer !== null && answer.errors === undefined;
  };

  /** @returns how long it took after the last fault until everything worked */
  async function half(killing: boolean): Promise<number> {
    const over = new AbortController();
    begun = performance.now();
    load.start();
    const failing = faults.run(over.signal, killing);
    await pause(duration / 2);
    elapsed = time();
    begun = 0;
    over.abort();
    await failing;
    const mended = performance.now();
    await until(works, PATIENCE);
    const recovery = performance.now() - mended;
    await load.rest();
    return recovery;
  }
  /** What is held when nobody asks for anything, and connections that nobody needs have been closed. */
  async function atRest(before?: Record<string, Holdings>): Promise<Record<string, Holdings>> {
    let holdings = await holdingsOf(services);
    const deadline = Date.now() + IDLE;
    while (before && growth(before, holdings).length > 0 && Date.now() < deadline) {
      await pause(QUICK);
      holdings = await holdingsOf(services);
    }
    return holdings;
  }

  try {
    phase = 'first half';
    const first = await half(true);
    phase = 'middle';
    const middle = await atRest();
    phase = 'second half';
    const second = await half(false);
    phase = 'end';
    const end = await atRest(middle);
    phase = 'checking';
    onProgress(progress());
    const stuck = await workIsDone(ground, SETTLING).then(
      () => [],
      (error: Error) => [error.message],
    );
    const discrepancies = await audit({ ...ground, ...load });
    const recovery = Math.round(Math.max(first, second));
    const unexpected = Object.entries(tally.errors).filter(([code]) => !TEMPORARY.has(code));
    return {
      seed,
      seconds: duration / 1_000,
      answers: tally.answers,
      answersPerSecond: Math.round((1_000 * tally.answers) / duration),
      sales: load.sales.length,
      cancelled: load.cancelled,
      events: load.events,
      errors: tally.errors,
      faults: faults.counts,
      middle,
      end,
      recovery,
      discrepancies,
      problems: [
        ...growth(middle, end),
        ...unexpected.map(([code, count]) => `error ${code}: ${count} times`),
        ...tally.leaks.map((told) => `a client was told ${told}`),
        ...(recovery > RECOVERY ? [`everything worked again only after ${recovery} ms`] : []),
        ...stuck,
        ...(load.sales.length === 0 ? ['nothing was sold'] : []),
        ...(load.events === 0 ? ['no subscriber was told anything'] : []),
        ...discrepancies.map(({ what, id, detail }) => `${what}: ${id} ${detail ?? ''}`.trim()),
      ],
    };
  } finally {
    clearInterval(report);
  }
}
