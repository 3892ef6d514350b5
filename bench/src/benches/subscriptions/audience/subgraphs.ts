import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { WebSocketServer } from 'ws';
import { type Answerer, createAnswerer } from '../../gateway/subgraphs/answers.ts';
import { buildSchemas } from '../graph.ts';
import { EventSource } from './event-source.ts';

/** Both subgraphs, on one port; a subgraph's path is its name. */
export interface EventSubgraphs {
  port: number;
  events: EventSource;
  /** Requests over HTTP that they had so far. */
  count(): number;
}

/** Serves the subgraphs on a free port, until the process ends. */
export async function serveSubgraphs(): Promise<EventSubgraphs> {
  const schemas = buildSchemas();
  const answerers = new Map<string | undefined, Answerer>(
    Object.entries(schemas).map(([name, schema]) => [`/${name}`, createAnswerer(schema)]),
  );
  const events = new EventSource(schemas.orders);
  let count = 0;
  const server = createServer(async (request, response) => {
    count++;
    const body = await buffer(request);
    const answerer = answerers.get(request.url);
    const answer = answerer ? await answerer(body.toString()) : Buffer.from('there is no such subgraph');
    response.writeHead(answerer ? 200 : 404, {
      'content-type': 'application/json',
      'content-length': answer.length,
    });
    response.end(answer);
  });
  const webSockets = new WebSocketServer({ server, path: '/orders', perMessageDeflate: false });
  webSockets.on('connection', (socket) => events.open(socket));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { port: (server.address() as AddressInfo).port, events, count: () => count };
}
