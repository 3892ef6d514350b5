import { percentile } from '../../../harness/statistics.ts';
import { Crowd } from './crowd.ts';
import type {
  AudienceOrder,
  AudienceReply,
  AudienceResult,
  BroadcastOrder,
  ConnectOrder,
} from './protocol.ts';
import { serveSubgraphs } from './subgraphs.ts';

/** Between two listeners that do not read. */
const SLOW_INTERVAL = 1_000; // ms

/** The process of the subgraphs and of those who listen to them through a gateway. Ends with its parent. */
const subgraphs = await serveSubgraphs();
const crowd = new Crowd(subgraphs.events);

const reply = (message: AudienceReply) => process.send?.(message);

process.on('message', (order: AudienceOrder) => {
  crowd.guard(() => carryOut(order)).then(reply, (error: Error) => reply({ error: error.message }));
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches it too; the parent decides when it ends.
process.on('SIGINT', () => undefined);
reply({ port: subgraphs.port });

async function carryOut(order: AudienceOrder): Promise<AudienceReply> {
  if (order.order === 'count') return { count: subgraphs.count() };
  if (order.order === 'connect') return { result: await connect(order) };
  if (order.order === 'broadcast') return { result: await broadcast(order) };
  await crowd.leave();
  return { left: true };
}

async function connect({ url, count, own }: ConnectOrder): Promise<AudienceResult> {
  const begin = performance.now();
  const times = await crowd.connect(new URL(url), count, (index) => (own ? `Bearer ${index}` : 'Bearer all'));
  const seconds = (performance.now() - begin) / 1_000;
  await crowd.settle();
  return resultOf(times, seconds, 0);
}

async function broadcast({ seconds, events, noteBytes, slowUrl }: BroadcastOrder): Promise<AudienceResult> {
  const stopSlow = slowUrl === null ? () => undefined : await keepSlow(new URL(slowUrl));
  const all: number[] = [];
  const lasts: number[] = [];
  const begin = performance.now();
  try {
    while (lasts.length < events || performance.now() - begin < seconds * 1_000) {
      const latencies = await crowd.tell(noteBytes);
      lasts.push(latencies.at(-1) ?? 0);
      for (const latency of latencies) all.push(latency);
    }
    return resultOf(all, (performance.now() - begin) / 1_000, percentile(lasts.sort(byValue), 0.5));
  } finally {
    stopSlow();
  }
}

/** Has always one listener that does not read, and a new one each second: a gateway may cut them off. */
async function keepSlow(url: URL): Promise<() => void> {
  const open: (() => void)[] = [];
  let isOver = false;
  const openOne = async () => {
    const end = await crowd.slow(url, 'Bearer all');
    // It was still connecting when all were ended.
    if (isOver) end();
    else open.push(end);
  };
  await openOne();
  const timer = setInterval(() => void openOne(), SLOW_INTERVAL);
  return () => {
    isOver = true;
    clearInterval(timer);
    for (const end of open) end();
  };
}

function resultOf(times: readonly number[], seconds: number, last: number): AudienceResult {
  const sorted = Float64Array.from(times).sort();
  return { count: sorted.length, seconds, p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), last };
}

function byValue(a: number, b: number): number {
  return a - b;
}
