import { type Connection, openConnection, postRequest } from '../http/connection.ts';
import { percentile } from '../statistics.ts';
import type { LoadOrder, LoadResult } from './protocol.ts';

/**
 * Sends requests for a while: a closed loop, each connection sends its next request when it has its answer.
 *
 * @throws Error at the first answer that is not a GraphQL answer without errors, or lacks what it has to contain
 */
export async function drive(order: LoadOrder): Promise<LoadResult> {
  const { url, requests, once = false, contains = '', from, connections, seconds } = order;
  const server = new URL(url);
  const bytes = requests.map(({ headers, body }) => postRequest(server, headers, body));
  const open = await Promise.all(Array.from({ length: connections }, () => openConnection(server)));
  const latencies: number[] = [];
  let next = from;
  const begin = performance.now();
  const end = begin + seconds * 1_000;

  const useConnection = async (connection: Connection) => {
    while (performance.now() < end) {
      const place = next++;
      const request = bytes[once ? place : place % bytes.length];
      if (!request) break;
      const sent = performance.now();
      await send(connection, request, contains);
      latencies.push(performance.now() - sent);
    }
  };
  try {
    await Promise.all(open.map(useConnection));
  } finally {
    for (const connection of open) connection.destroy();
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

async function send(connection: Connection, request: Buffer, contains: string): Promise<void> {
  const { head, body } = await connection.send(request);
  if (!head.startsWith('HTTP/1.1 200') || body.includes('"errors":') || !body.includes(contains)) {
    const status = head.split(' ', 2)[1];
    throw new Error(`a request failed with HTTP ${status}: ${body.toString('utf8', 0, 500)}`);
  }
}
