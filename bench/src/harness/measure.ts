import type { Row } from './bench.ts';
import type { LoadGenerator } from './load/load-generator.ts';
import type { LoadOrder } from './load/protocol.ts';
import type { Side } from './scenario.ts';
import { usageOf } from './usage.ts';

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
  const before = await usageOf(side.adminUrls);
  const { count, seconds, p50, p99 } = await load.run(order);
  await settled();
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
