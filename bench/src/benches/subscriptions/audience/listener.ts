import { connect, type Socket } from 'node:net';
import { ORDER_CHANGED, ORDER_ID } from '../graph.ts';
import { clientFrame, createFrameReader, OPCODE } from './frames.ts';

/** What a listener tells. */
export interface ListenerEvents {
  /** A message of the protocol came, as JSON; the bytes are only good until it returns. */
  message(json: Buffer): void;
  /** The connection is over, or nothing that it should be. */
  failed(error: Error): void;
}

/** All read into the same memory: what is read is dealt with before the next read. */
const BUFFER = Buffer.alloc(65_536);
const SUBSCRIBE = JSON.stringify({
  id: 'a2b7a3c0-4d8f-4a57-9f7e-0a1b2c3d4e5f',
  type: 'subscribe',
  payload: { query: ORDER_CHANGED, variables: { id: ORDER_ID } },
});

/**
 * One WebSocket of `graphql-transport-ws`, which costs so little that ten thousand of them leave time for the rest.
 */
export class Listener {
  /** Number of the event that it has had. */
  seen = -1;
  readonly #socket: Socket;
  readonly #events: ListenerEvents;

  /** @param authorization - told on the upgrade and in `connection_init` */
  constructor(url: URL, authorization: string, events: ListenerEvents) {
    this.#events = events;
    const read = createFrameReader((opcode, payload) => this.#take(opcode, payload));
    let head = '';
    const receive = (piece: Buffer) => {
      if (head.endsWith('\r\n\r\n')) return read(piece);
      const end = piece.indexOf('\r\n\r\n') + 4;
      head += piece.toString('latin1', 0, end < 4 ? piece.length : end);
      if (!head.endsWith('\r\n\r\n')) return;
      if (!head.startsWith('HTTP/1.1 101')) throw new Error(`the upgrade was refused: ${head}`);
      this.#send({ type: 'connection_init', payload: { authorization } });
      read(piece.subarray(end));
    };
    this.#socket = connect({
      host: url.hostname,
      port: Number(url.port),
      noDelay: true,
      onread: {
        buffer: BUFFER,
        callback: (length) => {
          try {
            receive(BUFFER.subarray(0, length));
          } catch (error) {
            events.failed(error as Error);
          }
          return true;
        },
      },
    });
    this.#socket.on('error', (error) => events.failed(error));
    this.#socket.on('close', () => events.failed(new Error('the server closed the connection')));
    this.#socket.write(upgradeRequest(url, authorization));
  }

  /** Begins to listen, after the acknowledgement. */
  subscribe(): void {
    this.#socket.write(clientFrame(OPCODE.text, Buffer.from(SUBSCRIBE)));
  }

  /** Answers a `ping` of the protocol. */
  pong(): void {
    this.#send({ type: 'pong' });
  }

  /** Reads nothing any more. */
  stopReading(): void {
    this.#socket.pause();
  }

  /** Ends it at once, and leaves no port behind that waits. */
  destroy(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.resetAndDestroy();
  }

  #take(opcode: number, payload: Buffer): void {
    if (opcode === OPCODE.text) this.#events.message(payload);
    else if (opcode === OPCODE.ping) this.#socket.write(clientFrame(OPCODE.pong, payload));
    else if (opcode === OPCODE.close)
      throw new Error(`closed with ${payload.readUInt16BE(0)} ${payload.toString('utf8', 2)}`);
  }

  #send(message: object): void {
    this.#socket.write(clientFrame(OPCODE.text, Buffer.from(JSON.stringify(message))));
  }
}

const upgradeRequest = ({ host, pathname }: URL, authorization: string): string =>
  [
    `GET ${pathname} HTTP/1.1`,
    `host: ${host}`,
    'connection: Upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-protocol: graphql-transport-ws',
    `authorization: ${authorization}`,
    '\r\n',
  ].join('\r\n');
