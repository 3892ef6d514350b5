import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Loaded into a Node server before its own program, with `--expose-gc`: tells at the port `MEMORY_PROBE_PORT` what the
 * process holds when nothing of it is garbage.
 */
const { gc } = globalThis;
if (!gc) throw new Error('start with --expose-gc');

/** Between two looks; threads of V8's own give memory back, in their time. */
const PAUSE = 100; // ms
/** A process that has become smaller by less has come to its end. */
const SMALLER = 0.99;

/** Collects garbage until the process gets no smaller. */
async function residentBytes(collect: () => void): Promise<number> {
  let before = Number.POSITIVE_INFINITY;
  for (;;) {
    collect();
    await delay(PAUSE);
    const { rss } = process.memoryUsage();
    if (rss > before * SMALLER) return rss;
    before = rss;
  }
}

const server = createServer(async (_request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ rss: await residentBytes(gc) }));
});
server.listen(Number(process.env.MEMORY_PROBE_PORT), '127.0.0.1');
server.unref();
