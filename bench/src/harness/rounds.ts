import type { Sample } from './measure.ts';
import type { Side } from './scenario.ts';
import { median } from './statistics.ts';

export interface RoundsOptions<One extends Side> {
  sides: readonly One[];
  rounds: number;
  /** Told what is being done. */
  report(detail: string): void;
}

/**
 * Measures the sides in turn, round by round, each round beginning with another side: what changes with time on
 * the machine meets all of them.
 *
 * @param beginRound - makes what measures a side in this round
 * @returns each side's medians, in the order of `sides`
 */
export async function inRounds<One extends Side>(
  { sides, rounds, report }: RoundsOptions<One>,
  beginRound: () => (side: One) => Promise<Sample>,
): Promise<({ name: string } & Sample)[]> {
  const samples = new Map<One, Sample[]>(sides.map((side) => [side, []]));
  for (let round = 0; round < rounds; round++) {
    const measureSide = beginRound();
    for (let turn = 0; turn < sides.length; turn++) {
      const side = sides[(round + turn) % sides.length];
      if (!side) continue;
      report(`round ${round + 1} of ${rounds}: ${side.name}`);
      samples.get(side)?.push(await measureSide(side));
    }
  }
  return [...samples].map(([{ name }, all]) => ({ name, ...medianOf(all) }));
}

/** Figures that not every benchmark has. */
const COUNTED_BY_SOME = ['fetches', 'loadCpuMs', 'lastMs', 'listenerKB', 'refused', 'lost'] as const;

function medianOf(samples: readonly Sample[]): Sample {
  const of = (figure: keyof Sample) => median(samples.map((sample) => sample[figure] ?? 0));
  return {
    rps: of('rps'),
    p50: of('p50'),
    p99: of('p99'),
    cpuMs: of('cpuMs'),
    rssMB: of('rssMB'),
    statements: of('statements'),
    ...Object.fromEntries(
      COUNTED_BY_SOME.filter((figure) => samples[0]?.[figure] !== undefined).map((figure) => [
        figure,
        of(figure),
      ]),
    ),
  };
}
