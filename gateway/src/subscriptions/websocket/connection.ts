import type { Duplex } from 'node:stream';
import type { Identity, Logger } from '@tributary/platform';
import { GraphQLError } from 'graphql';
import type { WebSocket } from 'ws';
import type { RequestCookies } from '../../cookies/request-cookies.ts';
import type { Authenticator } from '../../security/authenticate.ts';
import type { SubscriptionMetrics } from '../metrics.ts';
import type { OpenClient } from '../open-clients.ts';
import { at, expiryOf } from '../token-expiry.ts';
import { CLOSE, type Close } from './close-codes.ts';
import { headersIn } from './connection-params.ts';

/** How long a client that was told of the close has to answer. */
const CLOSE_TIMEOUT = 2_000; // ms

/** What is known of a client from its upgrade request. */
export interface Upgrade {
  address: string;
  /** How the client's program calls itself. */
  client: string | undefined;
  authorization: string | undefined;
  /** The headers that are handed on, by lower-case name. */
  propagated: Readonly<Record<string, string>>;
  cookies: RequestCookies;
}

/** What connections work with. */
export interface ConnectionOptions {
  authenticate: Authenticator;
  /** Whether tokens are verified here, and so are known to expire. */
  verifiesTokens: boolean;
  /** Lower-case names of the headers to hand on. */
  propagatedNames: readonly string[];
  /** Most bytes that may wait for the client to read them. */
  maxBuffered: number;
  metrics: SubscriptionMetrics;
  logger: Logger;
}

/** One WebSocket of a client's: who it is, for how long that holds, and what may be sent. */
export class Connection implements OpenClient {
  readonly upgrade: Upgrade;
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #options: ConnectionOptions;
  #identity: Identity | null = null;
  #propagated: Readonly<Record<string, string>>;
  #forgetExpiry: () => void = () => undefined;
  #isAlive = true;

  /** @param stream - what the socket writes to */
  constructor(socket: WebSocket, stream: Duplex, upgrade: Upgrade, options: ConnectionOptions) {
    this.upgrade = upgrade;
    this.#socket = socket;
    this.#stream = stream;
    this.#options = options;
    this.#propagated = upgrade.propagated;
    // What a client does wrong in its frames; the socket is closed for it by itself.
    socket.on('error', (err) => options.logger.debug({ err }, 'a WebSocket failed'));
    socket.on('pong', () => {
      this.#isAlive = true;
    });
    socket.once('close', () => this.#forgetExpiry());
  }

  /** Who is asking; null before `authenticate`, or when nobody said. */
  get identity(): Identity | null {
    return this.#identity;
  }

  /** The headers that are handed on to the subgraphs. */
  get propagated(): Readonly<Record<string, string>> {
    return this.#propagated;
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /**
   * Finds out who is asking, by what the client sent in `connection_init`, or else on the upgrade. Who is not to be
   * believed is closed.
   */
  async authenticate(payload: unknown): Promise<void> {
    const { authorization = this.upgrade.authorization } = headersIn(payload, ['authorization']);
    this.#propagated = {
      ...this.upgrade.propagated,
      ...headersIn(payload, this.#options.propagatedNames),
    };
    await this.#believe(authorization, () => true);
  }

  /** Goes on with a newer token of the same user, which a client sends as `authorization` in a ping. */
  async refresh(payload: unknown): Promise<void> {
    const { authorization } = headersIn(payload, ['authorization']);
    if (authorization === undefined || !this.#options.verifiesTokens) return;
    const before = JSON.stringify(this.#identity);
    await this.#believe(authorization, (identity) => JSON.stringify(identity) === before);
  }

  /** Sends a text message, unless the client reads too slowly: then it is cut off. */
  send(message: string): void {
    if (this.#maySend(message.length)) this.#socket.send(message);
  }

  /**
   * Sends a message that was made a frame before, under the same condition. Nothing is compressed, and so the socket
   * keeps nothing back that this could overtake.
   */
  sendFrame(frame: Buffer): void {
    if (this.#maySend(frame.length)) this.#stream.write(frame);
  }

  /** Closes the connection; a client that does not answer is not waited for. */
  close({ code, reason }: Close): void {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return;
    socket.close(code, reason);
    const timer = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT);
    timer.unref();
    socket.once('close', () => clearTimeout(timer));
  }

  check(): void {
    const socket = this.#socket;
    if (!this.#isAlive) {
      this.#options.metrics.dropped('ping');
      socket.terminate();
      return;
    }
    this.#isAlive = false;
    if (socket.readyState === socket.OPEN) socket.ping();
  }

  goAway(): void {
    this.close(CLOSE.restart);
  }

  #maySend(length: number): boolean {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return false;
    const buffered = socket.bufferedAmount;
    if (buffered === 0 || buffered + length <= this.#options.maxBuffered) return true;
    this.#options.metrics.dropped('slow');
    this.close(CLOSE.slow);
    return false;
  }

  async #believe(
    authorization: string | undefined,
    isWelcome: (identity: Identity | null) => boolean,
  ): Promise<void> {
    const { authenticate, verifiesTokens, metrics } = this.#options;
    let identity: Identity | null;
    try {
      identity = await authenticate(authorization);
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      const isUnavailable = error.extensions.code === 'AUTHENTICATION_UNAVAILABLE';
      this.close(isUnavailable ? CLOSE.keysUnavailable : CLOSE.invalidToken);
      return;
    }
    if (!isWelcome(identity)) {
      this.close(CLOSE.otherCaller);
      return;
    }
    this.#identity = identity;
    this.#forgetExpiry();
    if (authorization === undefined || !verifiesTokens || this.#socket.readyState !== this.#socket.OPEN)
      return;
    this.#forgetExpiry = at(expiryOf(authorization), () => {
      metrics.dropped('token');
      this.close(CLOSE.expired);
    });
  }
}
