import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';

/** Who has just connected is about to send a request: so long it is waited for. */
const NEWCOMER = 250; // ms

/**
 * Follows the connections on which no request has come, such as those that browsers open in advance. Node counts
 * them as busy, so that a server that closes would wait for them until they time out.
 *
 * @returns ends those that are there; call it when no more are taken. One that has just been opened is left alone for a
 *   moment: whoever sent a request on it would otherwise see it fail
 */
export function followUnusedConnections(server: Server): () => void {
  /** With the time that each was opened. */
  const unused = new Map<Socket, number>();
  const follow = (socket: Socket) => {
    unused.set(socket, performance.now());
    socket.once('close', () => unused.delete(socket));
  };
  server.on('connection', follow);
  // With TLS requests come on another socket than the one that was accepted.
  server.on('secureConnection', (secured: Socket) => {
    for (const socket of unused.keys()) if (isSame(socket, secured)) unused.delete(socket);
    follow(secured);
  });
  server.on('request', ({ socket }) => unused.delete(socket));
  return () => {
    for (const [socket, opened] of unused) {
      const rest = opened + NEWCOMER - performance.now();
      const end = () => unused.has(socket) && socket.destroy();
      // After a look at what has come: a process that was kept waiting finds its timers due before it reads.
      setTimeout(() => setImmediate(end), Math.max(0, rest));
    }
  };
}

const isSame = (one: Socket, other: Socket): boolean =>
  one.remotePort === other.remotePort && one.remoteAddress === other.remoteAddress;
