import type { Logger } from '@tributary/platform';
import { CloseCode, type Server } from 'graphql-ws';
import type { WebSocket } from 'ws';

/** Milliseconds between two pings; a peer that has not answered one before the next is gone. */
const KEEP_ALIVE = 12_000; // 12 seconds

/** Has the protocol spoken on a WebSocket until it closes. @param extra - what the server's hooks find in `ctx.extra` */
export function openConnection<Extra extends Record<PropertyKey, unknown>>(
  server: Server<Extra>,
  socket: WebSocket,
  extra: Extra,
  logger: Logger,
): void {
  const failed = (error: unknown, message: string) => {
    logger.error({ err: error }, message);
    socket.close(CloseCode.InternalServerError, 'Internal server error');
  };
  let answered = true;
  const keepAlive = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, KEEP_ALIVE);
  socket.on('pong', () => {
    answered = true;
  });
  // Broken frames, and messages that are too long: the socket is being closed with the code that says so.
  socket.on('error', (error) => logger.warn({ reason: error.message }, 'a WebSocket broke off'));
  const closed = server.opened(
    {
      protocol: socket.protocol,
      // Settled when the message has left: what is slow to take one is not sent the next, nor is that one made.
      send: (data) =>
        new Promise((resolve) => {
          if (socket.readyState === socket.OPEN) socket.send(data, () => resolve());
          else resolve();
        }),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (receive) =>
        socket.on('message', (data) => {
          receive(String(data)).catch((error: unknown) => failed(error, 'a message failed'));
        }),
    },
    extra,
  );
  socket.once('close', (code, reason) => {
    clearInterval(keepAlive);
    closed(code, String(reason)).catch((error: unknown) => failed(error, 'a WebSocket did not end well'));
  });
}
