import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands for the users subgraph, as far as it is asked where letters go. */
export interface UsersStandIn {
  url: string;
  /** What it answers; null for a user who is not there, an error when it is away. */
  contact: { email: string | null; displayName: string | null } | null | Error;
  close(): Promise<void>;
}

export async function startUsersStandIn(): Promise<UsersStandIn> {
  const server = createServer((request, response) => {
    request.resume();
    if (users.contact instanceof Error) return void response.writeHead(503).end('{}');
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ data: { contactForOrder: users.contact } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const users: UsersStandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    contact: null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return users;
}
