import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** In a turn of the event loop this short, hardly anything can have come after the server looked for it. */
const QUIET = 0.2; // ms
const DEADLINE = 1_000; // 1 second for such a turn to come

/**
 * Has a server take no new connections, and ends those on which nothing is under way.
 *
 * The system resets the connections that wait to be accepted when a server stops listening. A balancer tries another
 * server when nobody listens, but not when a connection breaks on which it has sent a POST. So it is done in a turn of the
 * event loop that was short, and in which nobody was accepted (Node accepts one connection in each): nobody waits then,
 * and all that was sent has been read.
 */
export async function stopListening(server: Server): Promise<void> {
  if (!server.listening) return;
  const deadline = performance.now() + DEADLINE;
  let hasCome = false;
  const come = () => {
    hasCome = true;
  };
  server.on('connection', come);
  await nextTurn();
  for (let begun = performance.now(); begun < deadline; ) {
    hasCome = false;
    await nextTurn();
    const now = performance.now();
    if (now - begun < QUIET && !hasCome) break;
    begun = now;
  }
  server.off('connection', come);
  if (!server.listening) return;
  // That of HTTP would also have the server forget whom to time out.
  NetServer.prototype.close.call(server);
  server.closeIdleConnections();
}
