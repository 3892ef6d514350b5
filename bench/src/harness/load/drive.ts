import { Pool } from 'undici';
import { percentile } from '../statistics.ts';
import type { LoadOrder, LoadResult } from './protocol.ts';
import type { HttpRequest } from './request.ts';

/**
 * Sends requests for a while: a closed loop, each connection sends its next request when it has its answer.
 *
 * @throws Error at the first answer that is not a GraphQL answer without errors, or lacks what it has to contain
 */
export async function drive(order: LoadOrder): Promise<LoadResult> {
  const { url, requests, once = false, contains = '', from, connections, seconds } = order;
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const latencies: number[] = [];
  let next = from;
  const begin = performance.now();
  const end = begin + seconds * 1_000;

  const connection = async () => {
    while (performance.now() < end) {
      const place = next++;
      const request = requests[once ? place : place % requests.length];
      if (!request) break;
      const sent = performance.now();
      await send(pool, pathname, request, contains);
      latencies.push(performance.now() - sent);
    }
  };
  try {
    await Promise.all(Array.from({ length: connections }, connection));
  } finally {
    await pool.destroy();
  }
  if (latencies.length === 0) throw new Error('there are no requests to send');
  const sorted = Float64Array.from(latencies).sort();
  return {
    count: sorted.length,
    seconds: (performance.now() - begin) / 1_000,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
  };
}

async function send(
  pool: Pool,
  path: string,
  { headers, body }: HttpRequest,
  contains: string,
): Promise<void> {
  const answer = await pool.request({ path, method: 'POST', headers, body });
  const text = await answer.body.text();
  if (answer.statusCode !== 200 || text.includes('"errors":') || !text.includes(contains)) {
    throw new Error(`a request failed with HTTP ${answer.statusCode}: ${text.slice(0, 500)}`);
  }
}
