import type { Row } from './bench.ts';
import type { LoadGenerator } from './load/load-generator.ts';
import type { LoadOrder } from './load/protocol.ts';
import { toHttp } from './load/request.ts';
import { measure } from './measure.ts';
import { inRounds } from './rounds.ts';
import type { Scenario, Side } from './scenario.ts';

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
 * Measures the sides in turn; all sides are asked the same in a round, and something else in the next.
 *
 * @returns each side's medians, in the order of `sides`
 */
export async function compare(options: CompareOptions): Promise<Row[]> {
  const { scenario, connections, load } = options;
  let from = 0;
  const medians = await inRounds(options, () => {
    const asked = from;
    return async (side) => {
      const { sample, count } = await measure(side, orderOf(side, scenario, options, asked), load);
      from = Math.max(from, asked + count);
      return sample;
    };
  });
  return medians.map((figures) => ({ scenario: scenarioName(scenario, connections), ...figures }));
}

const orderOf = (
  side: Side,
  scenario: Scenario,
  { connections, seconds }: Pick<CompareOptions, 'connections' | 'seconds'>,
  from: number,
): LoadOrder => ({ url: side.url, requests: scenario.requests.map(toHttp), from, connections, seconds });
