import type { Row } from './bench.ts';
import type { LoadGenerator } from './load/load-generator.ts';
import type { LoadOrder } from './load/protocol.ts';
import type { Side } from './scenario.ts';
import { type Usage, usageOf } from './usage.ts';

/** The figures of one measurement. */
export type Sample = Omit<Row, 'scenario' | 'name'>;

/**
 * Measures a side once.
 *
 * @param settled - waits for work that the requests left behind; what that uses counts for them
 * @returns the figures, and how many requests were answered
 */
export async function measure(
  side: Side,
  order: LoadOrder,
  load: LoadGenerator,
  settled: () => Promise<void> = async () => undefined,
): Promise<{ sample: Sample; count: number }> {
  const before = await usageOfSide(side);
  const { count, seconds, p50, p99, refused, lost } = await load.run(order);
  await settled();
  const after = await usageOfSide(side);
  const perRequest = (total: (usage: Usage) => number) => (total(after) - total(before)) / count;
  const sample: Sample = {
    rps: count / seconds,
    p50,
    p99,
    cpuMs: perRequest(({ cpuSeconds }) => cpuSeconds) * 1_000,
    rssMB: after.residentBytes / 1_000_000,
    statements: perRequest(({ statements }) => statements),
    ...(refused !== undefined && { refused }),
    ...(lost !== undefined && { lost }),
    ...(after.fetches !== undefined && { fetches: perRequest(({ fetches = 0 }) => fetches) }),
    ...(after.loadCpuSeconds !== undefined && {
      loadCpuMs: perRequest(({ loadCpuSeconds = 0 }) => loadCpuSeconds) * 1_000,
    }),
  };
  return { sample, count };
}

const usageOfSide = (side: Side): Promise<Usage> => side.usage?.() ?? usageOf(side.adminUrls);
