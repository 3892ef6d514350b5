import { connect, type Socket } from 'node:net';
import { type ReadResponse, ResponseReader } from './response-reader.ts';

/** Who waits for a response. */
export interface ResponseListener {
  onResponse(response: ReadResponse): void;
  /** The connection could not be made, broke, or brought what is no response. It cannot be used again. */
  onError(error: Error): void;
}

/** The server ended the connection before its answer. */
export class ConnectionEndedError extends Error {
  override readonly name = 'ConnectionEndedError';
  readonly code = 'ECONNRESET';

  constructor() {
    super('the connection was ended before an answer came');
  }
}

/**
 * What every connection reads into: nothing else runs between the reading of bytes and the taking of what is needed of
 * them.
 */
const RECEIVED = Buffer.allocUnsafeSlow(65_536);

/** A connection to a server by HTTP/1.1, with one request at a time. */
export class Connection {
  readonly #socket: Socket;
  readonly #answerLimit: number;
  #reader: ResponseReader;
  #listener: ResponseListener | null = null;

  /**
   * @param answerLimit - most bytes of an answer's body
   * @param onClosed - called once, when it cannot be used any more
   */
  constructor(host: string, port: number, answerLimit: number, onClosed: () => void) {
    this.#answerLimit = answerLimit;
    this.#reader = new ResponseReader(answerLimit);
    this.#socket = connect({
      host,
      port,
      noDelay: true,
      onread: {
        buffer: RECEIVED,
        callback: (count) => {
          this.#receive(RECEIVED.subarray(0, count));
          return true;
        },
      },
    });
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('end', () => this.#end());
    this.#socket.on('close', () => {
      this.#fail(new ConnectionEndedError());
      onClosed();
    });
  }

  /** Whether a request can be sent. */
  get isUsable(): boolean {
    return this.#listener === null && !this.#socket.destroyed && this.#socket.writable;
  }

  /** Sends a request. @param request - headers and body; a text is sent as UTF-8 */
  send(request: string | Buffer, listener: ResponseListener): void {
    this.#listener = listener;
    this.#reader = new ResponseReader(this.#answerLimit);
    this.#socket.write(request);
  }

  /** Ends the connection at once; who waits for a response is not told. */
  destroy(): void {
    this.#listener = null;
    this.#socket.destroy();
  }

  #receive(bytes: Buffer): void {
    // Nobody asked; whatever it is, the next answer could be taken for another's.
    if (!this.#listener) {
      this.#socket.destroy();
      return;
    }
    try {
      const response = this.#reader.read(bytes);
      if (response) this.#respond(response);
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #end(): void {
    const response = this.#reader.end();
    if (response && this.#listener) this.#respond(response);
    this.#socket.destroy();
  }

  #respond(response: ReadResponse): void {
    const listener = this.#listener;
    this.#listener = null;
    if (!response.isPersistent) this.#socket.destroy();
    listener?.onResponse(response);
  }

  #fail(error: Error): void {
    const listener = this.#listener;
    this.#listener = null;
    this.#socket.destroy();
    listener?.onError(error);
  }
}
