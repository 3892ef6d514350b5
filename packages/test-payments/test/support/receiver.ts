import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PaymentEvent } from '../../src/index.ts';

/** A webhook as it came. */
export interface Received {
  body: string;
  signature: string;
  event: PaymentEvent;
}

/** Somebody who wants webhooks. */
export interface Receiver {
  url: string;
  received: Received[];
  /** Ids of the events that came, in their order. */
  ids(): string[];
  types(): string[];
  /** What the next webhooks are answered with, one each; then 200 again. With `hang` or `cut`, they are not answered. */
  answers: (number | 'hang' | 'cut')[];
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const answers: Receiver['answers'] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    request.setEncoding('utf8');
    for await (const chunk of request) body += chunk;
    received.push({
      body,
      signature: String(request.headers['tributary-signature']),
      event: JSON.parse(body) as PaymentEvent,
    });
    const answer = answers.shift() ?? 200;
    if (answer === 'cut') request.socket.destroy();
    else if (answer !== 'hang') response.writeHead(answer, answer === 302 ? { location: '/' } : {}).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`,
    received,
    answers,
    ids: () => received.map(({ event }) => event.id),
    types: () => received.map(({ event }) => event.type),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
