import { performance } from 'node:perf_hooks';
import type { CacheMetrics } from '../cache-metrics.ts';

/** What a request waits for Redis at most; a connection's own limit does not count what a Cluster tries again. */
const PATIENCE = 100; // ms

/**
 * Waits for a command of the caches, and measures it.
 *
 * @throws what the command throws, or that it took too long
 */
export async function timed<T>(
  metrics: Pick<CacheMetrics, 'observeRedis'>,
  command: string,
  answer: Promise<T>,
): Promise<T> {
  const begun = performance.now();
  const observe = (outcome: 'ok' | 'error') =>
    metrics.observeRedis(command, outcome, (performance.now() - begun) / 1_000);
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_resolve, reject) => {
    const giveUp = () => reject(new Error(`Redis gave no answer in ${PATIENCE} ms`));
    // When it was this process that had no time, the answer is there by now, and is read before `giveUp`.
    timer = setTimeout(() => setImmediate(giveUp), PATIENCE);
  });
  try {
    const result = await Promise.race([answer, tooLong]);
    observe('ok');
    return result;
  } catch (error) {
    observe('error');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
