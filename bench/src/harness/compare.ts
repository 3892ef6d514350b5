import type { Row } from './bench.ts';
import type { LoadGenerator } from './load/load-generator.ts';
import type { LoadOrder } from './load/protocol.ts';
import { toHttp } from './load/request.ts';
import type { Scenario, Side } from './scenario.ts';
import { median } from './statistics.ts';
import { usageOf } from './usage.ts';

/** The figures of one measurement. */
type Sample = Omit<Row, 'scenario' | 'name'>;

export interface CompareOptions {
  sides: readonly Side[];
  scenario: Scenario;
  connections: number;
  load: LoadGenerator;
  /** Length of one measurement. */
  seconds: number;
  rounds: number;
  /** Told what is being done. */
  report(detail: string): void;
}

/** Name of a scenario at a number of connections; that with many is the scenario itself. */
export const scenarioName = ({ name }: Scenario, connections: number): string =>
  connections === 1 ? `${name}, 1 connection` : name;

/** Has every side answer a scenario for a while, so that what is measured later is compiled code. */
export async function warmUp({ sides, scenario, ...options }: CompareOptions): Promise<void> {
  for (const side of sides) {
    options.report(`warming up ${side.name}`);
    await options.load.run(orderOf(side, scenario, options, 0));
  }
}

/**
 * Measures the sides in turn, round by round, each round beginning with another side: what changes with time on
 * the machine meets all of them.
 *
 * @returns each side's medians, in the order of `sides`
 */
export async function compare(options: CompareOptions): Promise<Row[]> {
  const { sides, scenario, connections, rounds, report } = options;
  const samples = new Map<Side, Sample[]>(sides.map((side) => [side, []]));
  let from = 0;
  for (let round = 0; round < rounds; round++) {
    const asked = from;
    for (let turn = 0; turn < sides.length; turn++) {
      const side = sides[(round + turn) % sides.length];
      if (!side) continue;
      report(`round ${round + 1} of ${rounds}: ${side.name}`);
      const { sample, count } = await measure(side, orderOf(side, scenario, options, asked), options.load);
      samples.get(side)?.push(sample);
      from = Math.max(from, asked + count);
    }
  }
  return [...samples].map(([side, all]) => ({
    scenario: scenarioName(scenario, connections),
    name: side.name,
    ...medianOf(all),
  }));
}

async function measure(side: Side, order: LoadOrder, load: LoadGenerator) {
  const before = await usageOf(side.adminUrls);
  const { count, seconds, p50, p99 } = await load.run(order);
  const after = await usageOf(side.adminUrls);
  const sample: Sample = {
    rps: count / seconds,
    p50,
    p99,
    cpuMs: ((after.cpuSeconds - before.cpuSeconds) * 1_000) / count,
    rssMB: after.residentBytes / 1_000_000,
    statements: (after.statements - before.statements) / count,
  };
  return { sample, count };
}

const orderOf = (
  side: Side,
  scenario: Scenario,
  { connections, seconds }: Pick<CompareOptions, 'connections' | 'seconds'>,
  from: number,
): LoadOrder => ({ url: side.url, requests: scenario.requests.map(toHttp), from, connections, seconds });

function medianOf(samples: readonly Sample[]): Sample {
  const of = (figure: keyof Sample) => median(samples.map((sample) => sample[figure]));
  return {
    rps: of('rps'),
    p50: of('p50'),
    p99: of('p99'),
    cpuMs: of('cpuMs'),
    rssMB: of('rssMB'),
    statements: of('statements'),
  };
}
