import { type HttpAnswer, type HttpPost, TimeoutError } from '../http-post.ts';
import type { PoolLoad } from '../pool-load.ts';
import { Connection, type ResponseListener } from './connection.ts';
import type { ReadResponse } from './response-reader.ts';

/** How long an unused connection is kept when the server does not say how long it keeps it. */
const KEEP_ALIVE = 4_000; // 4 seconds, less than the 5 of Node's servers
const KEEP_ALIVE_MAX = 600_000; // 10 minutes
/** How much earlier than the server an unused connection is ended, so that no request meets it half closed. */
const KEEP_ALIVE_MARGIN = 1_000; // 1 second

/** How much a pool takes on. */
export interface PoolLimits {
  /** Most connections; requests above that wait for their turn, within their deadline. */
  connections: number;
  /** Most bytes of an answer's body. */
  answerLimit: number;
}

/** A connection that waits for its next request. */
interface IdleConnection {
  connection: Connection;
  /** By `performance.now()`. */
  until: number;
}

/** A request that waits for a connection, or for its answer. */
interface Exchange {
  request: string | Buffer;
  resolve(answer: HttpAnswer): void;
  /** Ends it with an error, unless it is over. */
  fail(error: Error): void;
  /** It is over: nothing of it may be called any more. */
  settle(): void;
  connection: Connection | null;
}

/**
 * Connections to one server by HTTP/1.1 (RFC 9112) without TLS, each with one request at a time, kept open between.
 *
 * It does what a fetch needs and no more: POST, one body as text, an answer that is read to its end. Against undici,
 * which stays for everything else, that saved a fifth of the gateway's time on a query of many fetches.
 */
export class ConnectionPool {
  readonly #url: URL;
  readonly #limits: PoolLimits;
  /** The one that was used last is last: those that are not needed grow old. */
  readonly #idle: IdleConnection[] = [];
  readonly #open = new Set<Connection>();
  readonly #waiting = new Set<Exchange>();
  #sweep: NodeJS.Timeout | null = null;
  #onDrained: (() => void) | null = null;

  /** @param origin - `http://host:port` */
  constructor(origin: string, limits: PoolLimits) {
    this.#url = new URL(origin);
    this.#limits = limits;
  }

  /**
   * Sends a request and reads the answer.
   *
   * @throws TimeoutError, the reason of `cancelled`, MalformedResponseError, undici's error for an answer that is too
   *   large, or the socket's error
   */
  post({ path, headers, body, timeout, cancelled }: HttpPost): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      if (cancelled?.aborted) {
        reject(cancelled.reason);
        return;
      }
      const exchange: Exchange = {
        request: requestOf(this.#url.host, path, headers, body),
        resolve,
        fail: (error) => {
          exchange.settle();
          reject(error);
        },
        settle: () => {
          clearTimeout(timer);
          cancelled?.removeEventListener('abort', cancel);
        },
        connection: null,
      };
      const cancel = () => {
        if (cancelled) this.#giveUp(exchange, cancelled.reason);
      };
      const timer = setTimeout(
        () => this.#giveUp(exchange, new TimeoutError(`no answer within ${timeout} ms`)),
        timeout,
      );
      cancelled?.addEventListener('abort', cancel);
      this.#waiting.add(exchange);
      this.#serve();
    });
  }

  /** How busy it is. */
  get load(): PoolLoad {
    // One that the server has ended is not noticed until it is needed.
    const idle = this.#idle.filter(({ connection }) => this.#open.has(connection)).length;
    return { busy: this.#open.size - idle, idle, waiting: this.#waiting.size };
  }

  /** Waits for the answers to requests that were sent, then ends all connections. */
  async close(): Promise<void> {
    const drained = new Promise<void>((resolve) => {
      this.#onDrained = resolve;
    });
    this.#endIdle(() => true);
    if (this.#open.size > 0 || this.#waiting.size > 0) await drained;
  }

  /** Gives requests that wait a connection, as far as there are some. */
  #serve(): void {
    for (const exchange of this.#waiting) {
      const connection = this.#takeIdle() ?? this.#connect();
      if (!connection) return;
      this.#waiting.delete(exchange);
      exchange.connection = connection;
      connection.send(exchange.request, this.#listenerFor(exchange, connection));
    }
  }

  #listenerFor(exchange: Exchange, connection: Connection): ResponseListener {
    return {
      onResponse: (response) => {
        exchange.settle();
        exchange.resolve(response);
        if (response.isPersistent && !this.#onDrained) this.#keep(connection, response);
        else connection.destroy();
        this.#serve();
      },
      onError: (error) => exchange.fail(error),
    };
  }

  #giveUp(exchange: Exchange, error: Error): void {
    this.#waiting.delete(exchange);
    exchange.connection?.destroy();
    exchange.fail(error);
  }

  #takeIdle(): Connection | null {
    const now = performance.now();
    for (let kept = this.#idle.pop(); kept; kept = this.#idle.pop()) {
      if (kept.until > now && kept.connection.isUsable) return kept.connection;
      kept.connection.destroy();
    }
    return null;
  }

  #connect(): Connection | null {
    if (this.#open.size >= this.#limits.connections) return null;
    const { hostname, port } = this.#url;
    const host = hostname.replace(/^\[(.*)\]$/, '$1'); // an IPv6 address has brackets in a URL only
    const connection = new Connection(host, Number(port || 80), this.#limits.answerLimit, () => {
      this.#open.delete(connection);
      this.#serve();
      if (this.#open.size === 0 && this.#waiting.size === 0) this.#onDrained?.();
    });
    this.#open.add(connection);
    return connection;
  }

  #keep(connection: Connection, { headers }: ReadResponse): void {
    const [, seconds] = /(?:^|[\s,])timeout=(\d{1,6})/i.exec(String(headers['keep-alive'] ?? '')) ?? [];
    const told = seconds === undefined ? KEEP_ALIVE : Number(seconds) * 1_000 - KEEP_ALIVE_MARGIN;
    this.#idle.push({ connection, until: performance.now() + Math.min(told, KEEP_ALIVE_MAX) });
    this.#sweep ??= setTimeout(() => this.#sweepIdle(), KEEP_ALIVE).unref();
  }

  #sweepIdle(): void {
    const now = performance.now();
    this.#endIdle(({ until }) => until <= now);
    this.#sweep = this.#idle.length > 0 ? setTimeout(() => this.#sweepIdle(), KEEP_ALIVE).unref() : null;
  }

  #endIdle(isOver: (idle: IdleConnection) => boolean): void {
    const kept = this.#idle.filter((idle) => !isOver(idle));
    for (const idle of this.#idle.splice(0, Infinity, ...kept)) {
      if (isOver(idle)) idle.connection.destroy();
    }
  }
}

/** What a header's value consists of, and the part of it that is the same in every encoding. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const ASCII = /^[\t\x20-\x7e]*$/;

/** @throws TypeError for a header that would say more than it should */
function requestOf(
  host: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): string | Buffer {
  let head = `POST ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n`;
  let isAscii = true;
  for (const name in headers) {
    const value = headers[name] as string;
    isAscii &&= ASCII.test(value);
    if (!isAscii && !FIELD_VALUE.test(value)) throw new TypeError(`the header ${name} cannot be sent`);
    head += `${name}: ${value}\r\n`;
  }
  head += `content-length: ${Buffer.byteLength(body)}\r\n\r\n`;
  // Headers are Latin-1 and the body is UTF-8; most often one text is both.
  return isAscii ? head + body : Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body)]);
}
