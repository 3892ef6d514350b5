import { StartupError } from '@tributary/platform';
import type { WrittenResult } from './read-result.ts';

/** One figure before and after. */
export interface Compared {
  name: string;
  base: number;
  head: number;
  /** After over before. */
  ratio: number;
}

/** What became of a benchmark's figures. */
export interface Comparison {
  bench: string;
  /** Our requests per second over a peer's. The peer ran beside us both times, so that the machine's mood is in neither. */
  ratios: readonly Compared[];
  /** Requests per second of each side. */
  throughput: readonly Compared[];
  /** CPU time for one request of each side, milliseconds. */
  cpu: readonly Compared[];
}

/**
 * Compares two results of one benchmark; what only one of them has is left out.
 *
 * @throws StartupError when they are of different benchmarks, or have nothing in common
 */
export function compareResults(base: WrittenResult, head: WrittenResult): Comparison {
  if (base.bench !== head.bench)
    throw new StartupError(`${base.bench} and ${head.bench} are different benchmarks`);
  const rows = (result: WrittenResult, figure: 'rps' | 'cpuMs') =>
    Object.fromEntries(result.rows.map((row) => [`${row.scenario}: ${row.name}`, row[figure]]));
  const throughput = both(rows(base, 'rps'), rows(head, 'rps'));
  if (throughput.length === 0) throw new StartupError('the results have no scenario in common');
  return {
    bench: base.bench,
    ratios: both(base.ratios, head.ratios),
    throughput,
    cpu: both(rows(base, 'cpuMs'), rows(head, 'cpuMs')),
  };
}

/**
 * What has become worse than it may.
 *
 * @param least - of the ratio of ratios; of throughput itself where the benchmark has no peers
 */
export const fallen = ({ ratios, throughput }: Comparison, least: number): readonly Compared[] =>
  (ratios.length > 0 ? ratios : throughput).filter(({ ratio }) => ratio < least);

const both = (base: Readonly<Record<string, number>>, head: Readonly<Record<string, number>>): Compared[] =>
  Object.entries(base).flatMap(([name, before]) => {
    const after = head[name];
    return after === undefined || before === 0
      ? []
      : [{ name, base: before, head: after, ratio: after / before }];
  });
