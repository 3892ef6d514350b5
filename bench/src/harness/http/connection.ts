import { once } from 'node:events';
import { connect } from 'node:net';
import { createMessageReader, type Message } from './message-reader.ts';

/** A connection to a server, kept open, with one request at a time. */
export interface Connection {
  /** Sends a request that is ready as bytes. @throws Error when the connection ends before the answer */
  send(request: Buffer): Promise<Message>;
  /** Ends it at once. */
  destroy(): void;
}

/** Opens a connection. @throws Error when nobody listens there */
export async function openConnection({ hostname, port }: URL): Promise<Connection> {
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  let settle: { resolve(message: Message): void; reject(error: Error): void } | undefined;
  const fail = (error: Error) => {
    settle?.reject(error);
    socket.destroy();
  };
  const read = createMessageReader((message) => settle?.resolve(message));
  socket.on('data', (data) => {
    try {
      read(data);
    } catch (error) {
      fail(error as Error);
    }
  });
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the server closed the connection')));
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(new Error('the server closed the connection'));
        settle = { resolve, reject };
        socket.write(request);
      }),
    destroy: () => socket.destroy(),
  };
}

/** A POST of JSON as bytes. */
export function postRequest({ host, pathname }: URL, headers: Record<string, string>, body: string): Buffer {
  const fields = Object.entries({ host, ...headers, 'content-length': String(Buffer.byteLength(body)) });
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}
