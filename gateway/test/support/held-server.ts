import { EventEmitter, on } from 'node:events';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { type FaultyServer, startFaulty } from './faulty-server.ts';

/** A request that waits for its answer. */
export interface HeldRequest {
  body: string;
  headers: IncomingHttpHeaders;
  response: ServerResponse;
  /** Answers it. */
  answer(data: Record<string, unknown>, headers?: Record<string, string>): void;
  /** Settles when the connection was closed before the answer was there. */
  abandoned: Promise<void>;
}

export interface HeldServer extends FaultyServer {
  /** The next request that nobody has taken yet, as soon as it is there. */
  next(): Promise<HeldRequest>;
}

/** Something in a subgraph's place that answers when the test says so. */
export async function startHeld(): Promise<HeldServer> {
  const events = new EventEmitter();
  const requests = on(events, 'request');
  const server = await startFaulty(async (request, response) => {
    const abandoned = new Promise<void>((resolve) => {
      response.once('close', () => {
        if (!response.writableFinished) resolve();
      });
    });
    let body = '';
    for await (const chunk of request) body += chunk;
    events.emit('request', {
      body,
      headers: request.headers,
      response,
      answer: (data, headers = {}) =>
        response
          .writeHead(200, { 'content-type': 'application/json', ...headers })
          .end(JSON.stringify({ data })),
      abandoned,
    } satisfies HeldRequest);
  });
  return { ...server, next: async () => (await requests.next()).value[0] };
}
