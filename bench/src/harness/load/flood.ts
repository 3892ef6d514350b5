import { setTimeout as pause } from 'node:timers/promises';
import { type Connection, openConnection, postRequest } from '../http/connection.ts';
import { percentile } from '../statistics.ts';
import type { LoadOrder, LoadResult } from './protocol.ts';

/** Nobody waits longer for an answer. */
const PATIENCE = 5_000; // 5 seconds

/**
 * Sends requests at a constant rate, whether earlier ones were answered or not: an open loop, as of many clients who know
 * nothing of each other. A latency begins when the request was due.
 *
 * @throws Error when an answer is neither right nor a refusal (503), or none is right
 */
export async function flood(order: LoadOrder & { rate: number }): Promise<LoadResult> {
  const { url, requests, from, rate, connections, seconds } = order;
  const server = new URL(url);
  const bytes = requests.map(({ headers, body }) => postRequest(server, headers, body));
  // Before it begins: a server in Node accepts them one by one.
  const idle = await Promise.all(Array.from({ length: connections }, () => openConnection(server)));
  const all = new Set<Connection>(idle);
  const latencies: number[] = [];
  const tally = { inTime: 0, refused: 0, lost: 0, under: 0 };
  let failure: Error | undefined;
  const begin = performance.now();
  const end = begin + seconds * 1_000;

  const ask = async (place: number, due: number) => {
    tally.under += 1;
    let connection = idle.pop();
    try {
      if (!connection) {
        connection = await openConnection(server);
        all.add(connection);
      }
      const { head, body } = await connection.send(bytes[place % bytes.length] as Buffer);
      const now = performance.now();
      if (head.startsWith('HTTP/1.1 503')) tally.refused += 1;
      else if (!head.startsWith('HTTP/1.1 200') || body.includes('"errors":'))
        failure ??= new Error(`an answer is wrong: ${head.split('\r\n', 1)[0]}`);
      else if (now - due > PATIENCE) tally.lost += 1;
      else {
        latencies.push(now - due);
        if (now <= end) tally.inTime += 1;
      }
      idle.push(connection);
    } catch {
      // The server, or the wait below, ended the connection.
      tally.lost += 1;
      if (connection) all.delete(connection);
    } finally {
      tally.under -= 1;
    }
  };

  let sent = 0;
  for (let now = begin; now < end && !failure; now = performance.now()) {
    for (const due = Math.floor(((now - begin) / 1_000) * rate); sent < due; sent++) {
      if (tally.under >= connections) tally.lost += 1;
      else void ask(from + sent, begin + (sent / rate) * 1_000);
    }
    // The core is not its own: subgraphs need it.
    await pause(1);
  }
  for (const limit = performance.now() + PATIENCE; tally.under > 0 && performance.now() < limit; )
    await pause(20);
  for (const connection of all) connection.destroy();
  while (tally.under > 0) await pause(20);
  if (failure) throw failure;
  if (latencies.length === 0) throw new Error(`none of ${sent} requests was answered in time`);
  const sorted = Float64Array.from(latencies).sort();
  return {
    count: tally.inTime,
    seconds,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    refused: tally.refused / sent,
    lost: tally.lost / sent,
  };
}
