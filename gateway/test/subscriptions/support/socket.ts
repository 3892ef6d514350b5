import { once } from 'node:events';
import { WebSocket } from 'ws';

interface Message {
  type: string;
  id?: string;
  payload?: unknown;
}

/** A WebSocket that says what a test says, right or wrong. */
export interface TestSocket {
  socket: WebSocket;
  send(message: Message | string): void;
  /** The next message, but for pings. */
  receive(): Promise<Message>;
  /** How the connection was closed. */
  closed: Promise<{ code: number; reason: string }>;
  /** Sends `connection_init`, and waits until it is acknowledged. */
  init(payload?: Record<string, unknown>): Promise<void>;
  subscribe(id: string, query: string, variables?: Record<string, unknown>): void;
  close(): Promise<void>;
}

export interface SocketOptions {
  protocols?: string[];
  headers?: Record<string, string>;
}

/** @param endpoint - the gateway's, `http:` */
export async function openSocket(
  endpoint: string,
  { protocols = ['graphql-transport-ws'], headers = {} }: SocketOptions = {},
): Promise<TestSocket> {
  const socket = new WebSocket(endpoint.replace(/^http/, 'ws'), protocols, { headers });
  const messages: Message[] = [];
  let wake: () => void = () => undefined;
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)) as Message);
    wake();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
  await once(socket, 'open');
  const send = (message: Message | string) =>
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  const receive = async (): Promise<Message> => {
    for (;;) {
      const message = messages.shift();
      if (message) return message;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return {
    socket,
    send,
    receive,
    closed,
    async init(payload) {
      send({ type: 'connection_init', ...(payload && { payload }) });
      const { type } = await receive();
      if (type !== 'connection_ack') throw new Error(`not acknowledged: ${type}`);
    },
    subscribe: (id, query, variables = {}) => send({ type: 'subscribe', id, payload: { query, variables } }),
    async close() {
      socket.close(1000);
      await closed;
    },
  };
}
