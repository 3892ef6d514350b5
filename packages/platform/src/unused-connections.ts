import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Follows the connections on which no request has come, such as those that browsers open in advance. Node counts
 * them as busy, so that a server that closes would wait for them until they time out.
 *
 * @returns ends those that are there, and any that are still to come
 */
export function followUnusedConnections(server: Server): () => void {
  const unused = new Set<Socket>();
  let ended = false;
  server.on('connection', (socket: Socket) => {
    if (ended) return void socket.destroy();
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.on('request', ({ socket }) => unused.delete(socket));
  return () => {
    ended = true;
    for (const socket of unused) socket.destroy();
  };
}
