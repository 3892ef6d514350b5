import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FaultyServer {
  url: string;
  /** How many requests came. */
  requests(): number;
  stop(): Promise<void>;
}

/** Something that listens where a subgraph should, and behaves as the listener does. */
export async function startFaulty(listener: RequestListener, port = 0): Promise<FaultyServer> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    listener(request, response);
  });
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    requests: () => requests,
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** What must never reach a client. */
export const SECRET = 'password=hunter2';

/** Answers everything alike, with a secret in a header. */
export const answering =
  (status: number, body: string, type = 'application/json'): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': type, 'x-powered-by': SECRET });
    response.end(body);
  };
