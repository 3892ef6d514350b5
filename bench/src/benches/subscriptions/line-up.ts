import { step } from '../../../../scripts/step.mjs';
import type { Exclusion, Row } from '../../harness/bench.ts';
import type { Sample } from '../../harness/measure.ts';
import { inRounds } from '../../harness/rounds.ts';
import { type MeasureOptions, measureSubscriptions, type SettledSide } from './scenarios.ts';
import { startBare } from './sides/bare.ts';
import { startHive } from './sides/hive.ts';
import type { EventSide, SideOptions } from './sides/side.ts';
import { OURS, startTributary } from './sides/tributary.ts';

/** What is compared with, by the name that `--peers` knows it by. */
export const peers: Readonly<Record<string, (options: SideOptions) => Promise<EventSide>>> = {
  hive: startHive,
  'bare-ws': startBare,
};

/** Listeners that a side has had before its memory is looked at: what it needs once for all of them is there then. */
const FIRST_LISTENERS = 200;

/** What each side is started with, but for what a step adds. */
export type StartOptions = Omit<SideOptions, 'report'>;

/**
 * Starts our gateway and the chosen others.
 *
 * @returns the sides, ours first, and the others that could not be started
 * @throws Error when ours does not start
 */
export async function startLineUp(
  options: StartOptions,
  chosen: readonly string[],
): Promise<{ sides: SettledSide[]; excluded: Exclusion[] }> {
  const sides = [await startSettled(OURS, startTributary, options)];
  const excluded: Exclusion[] = [];
  for (const name of chosen) {
    const start = peers[name];
    if (!start) continue;
    try {
      sides.push(await startSettled(name, start, options));
    } catch (error) {
      await options.audience.leave();
      excluded.push({ name, reason: (error as Error).message });
    }
  }
  return { sides, excluded };
}

const startSettled = (
  name: string,
  start: (options: SideOptions) => Promise<EventSide>,
  options: StartOptions,
): Promise<SettledSide> =>
  step(name, async (report) => {
    const { audience, listeners } = options;
    const side = await start({ ...options, report });
    await audience.connect({ url: side.url, count: Math.min(FIRST_LISTENERS, listeners), own: false });
    await audience.leave();
    return { ...side, residentBefore: await side.residentBytes() };
  });

/** What a scenario is measured with, but for the side. */
type Measuring = Omit<MeasureOptions, 'side'>;

/**
 * Has each side do a scenario once, so that what is measured later is compiled code, and then measures them in rounds.
 *
 * @param excluded - a peer that fails is added
 * @returns the medians of those that did not, ours first
 * @throws Error when ours fails
 */
export async function measureAll(
  sides: readonly SettledSide[],
  { rounds, report, ...options }: Measuring & { rounds: number; report(detail: string): void },
  excluded: Exclusion[],
): Promise<Row[]> {
  const { audience, scenario } = options;
  let able = [...sides];
  /** @returns null when the side could not, and is left out from now on */
  const attempt = async (side: SettledSide, seconds: number): Promise<Sample | null> => {
    try {
      return await measureSubscriptions({ ...options, side, seconds });
    } catch (error) {
      if (side.name === OURS) throw error;
      await audience.leave();
      able = able.filter((other) => other !== side);
      excluded.push({ name: side.name, scenario: scenario.name, reason: (error as Error).message });
      return null;
    }
  };
  for (const side of sides) {
    report(`warming up ${side.name}`);
    await attempt(side, 0);
  }
  const medians = await inRounds({ sides: able, rounds, report }, () => async (side) => {
    const sample = able.includes(side) ? await attempt(side, options.seconds) : null;
    return sample ?? NOTHING;
  });
  return medians
    .filter(({ name }) => able.some((side) => side.name === name))
    .map((figures) => ({ scenario: scenario.name, ...figures }));
}

/** Of a side that is left out; nobody sees it. */
const NOTHING: Sample = { rps: 0, p50: 0, p99: 0, cpuMs: 0, rssMB: 0, statements: 0 };
