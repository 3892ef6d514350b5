import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import type { HttpService, RequestListener } from '@tributary/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Repeat } from '../../operations/send-answer.ts';
import { clientNameOf } from '../../telemetry/client-name.ts';
import { NO_CODES, type OperationReports } from '../../telemetry/operation-reports.ts';
import { REQUEST_ID_HEADER, requestIdOf } from '../../telemetry/request-id.ts';
import { GRAPHQL_PATH } from '../graphql-path.ts';
import { createRequestTexts, type RequestTexts } from './request-text.ts';

/** What is remembered takes so much at most. Bodies that are not compressed are the response cache's own. */
const MOST_BYTES = 16_000_000;
const BYTES_PER_ANSWER = 1_000; // beside its texts and its body

/** What requests are answered again with. */
export interface RepeatsOptions {
  /** Lower-case names of the headers that may tell viewers apart, beside `authorization`. */
  excluding: readonly string[];
  /** Lower-case names of further headers that an answer depends on. */
  distinguishing: readonly string[];
  /** The client's address. */
  addressOf(request: IncomingMessage): string;
  service: Pick<HttpService, 'isDraining' | 'observe'>;
  reports: OperationReports;
}

/** An answer as it was sent. */
interface Sent {
  /** Names and values in turn. */
  headers: string[];
  /** Where the values are that each request has its own of. */
  idAt: number;
  ageAt: number;
  body: Buffer;
  repeat: Repeat;
}

/** A request that is not answered yet. */
interface Waiting {
  text: string;
  /** Null for a GET. */
  body: Buffer | null;
  /** Once it is known. */
  repeat?: Repeat;
  payload?: Buffer;
}

/**
 * Answers requests again, before they are read: those of whom nothing is known that are equal, to the last byte, to one
 * that was answered from the response cache, while that would give the same answer. The headers are those that were sent
 * then, with an id and an age of their own. All else is left to the routes.
 */
export class Repeats {
  readonly #options: RepeatsOptions;
  readonly #texts: RequestTexts;
  readonly #sent = new LRUCache<string, Sent>({
    maxSize: MOST_BYTES,
    sizeCalculation: ({ body }, text) => BYTES_PER_ANSWER + text.length + body.length,
  });
  readonly #waiting = new WeakMap<IncomingMessage, Waiting>();

  constructor(options: RepeatsOptions) {
    this.#options = options;
    this.#texts = createRequestTexts(options);
  }

  /** Answers what it can. */
  readonly listener: RequestListener = (request, response, next) => {
    if (!this.#texts.isCandidate(request)) return next();
    const start = performance.now();
    const proceed = (body: Buffer | null) => {
      const text = this.#texts.of(request, body);
      if (this.#answer(request, response, text, start)) return;
      this.#waiting.set(request, { text, body });
      next();
    };
    if (request.method === 'GET') proceed(null);
    else readAll(request, proceed);
  };

  /** Has the routes read the bodies that were read here, and remembers the answers that are expected again. */
  register(app: FastifyInstance): void {
    app.addHook('preParsing', (request, _reply, payload, done) => {
      const body = this.#waiting.get(request.raw)?.body;
      done(null, body ? Readable.from(body) : payload);
    });
    app.addHook('onSend', (request, _reply, payload, done) => {
      const waiting = this.#waiting.get(request.raw);
      if (waiting?.repeat && Buffer.isBuffer(payload)) waiting.payload = payload;
      done();
    });
    app.addHook('onResponse', (request, reply, done) => {
      this.#remember(request, reply);
      done();
    });
  }

  /** The answer to a request is one that may be given again. */
  expect({ raw }: FastifyRequest, repeat: Repeat): void {
    const waiting = this.#waiting.get(raw);
    if (waiting) waiting.repeat = repeat;
  }

  /** What may be asked for is another than before. */
  forget(): void {
    this.#sent.clear();
  }

  #remember({ raw }: FastifyRequest, reply: FastifyReply): void {
    const { text, repeat, payload: body } = this.#waiting.get(raw) ?? {};
    if (text === undefined || !repeat || !body || reply.statusCode !== 200) return;
    const given = Object.entries(reply.getHeaders());
    const names = given.map(([name]) => name);
    // One that closes its connection, or is given a cookie, is like no other.
    if (names.includes('connection') || names.includes('set-cookie')) return;
    const placeOf = (name: string) => names.indexOf(name) * 2 + 1;
    this.#sent.set(text, {
      headers: given.flatMap(([name, value]) => [name, String(value)]),
      idAt: placeOf(REQUEST_ID_HEADER),
      ageAt: placeOf('age'),
      body,
      repeat,
    });
  }

  /** @returns whether the request was answered */
  #answer(request: IncomingMessage, response: ServerResponse, text: string, start: number): boolean {
    const { addressOf, reports, service } = this.#options;
    const sent = this.#sent.get(text);
    // Answers close their connections then.
    if (!sent || service.isDraining) return false;
    const age = sent.repeat.ageFor(addressOf(request));
    if (age === undefined) {
      this.#sent.delete(text);
      return false;
    }
    const headers = [...sent.headers];
    const requestId = requestIdOf(request.headers);
    headers[sent.idAt] = requestId;
    headers[sent.ageAt] = String(age);
    const seconds = () => (performance.now() - start) / 1_000;
    const { operation, source } = sent.repeat;
    const context = { requestId, identity: null, client: clientNameOf(request.headers) };
    reports.answered({ operation, source, context }, NO_CODES, seconds());
    response.once('finish', () =>
      service.observe({ method: request.method ?? '', route: GRAPHQL_PATH, status: 200 }, seconds()),
    );
    response.writeHead(200, headers);
    response.end(sent.body);
    return true;
  }
}

/** Reads the body of a request. A client that goes away before its end is told nothing. */
function readAll(request: IncomingMessage, onEnd: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => onEnd(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
}
