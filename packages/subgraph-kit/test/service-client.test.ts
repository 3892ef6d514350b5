import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCallerVerifier, IDENTITY_HEADER } from '@tributary/platform';
import { createServiceClient, type ServiceClient } from '../src/index.ts';

const SECRET = 'a secret that only tests know, long enough';
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let answer: Answer;
let client: ServiceClient;
const urls = new Map<string, string>();

beforeAll(async () => {
  server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  client = createServiceClient({ name: 'orders', secret: SECRET, urls, timeout: 500 });
  urls.set('users', `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
});
afterAll(async () => {
  await client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const reply =
  (status: number, body: string): Answer =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(body);
const call = (subgraph = 'users') => client.call({ subgraph, query: '{ me }', requestId: 'request-1' });

it('asks in its own name, and on behalf of whom it says', async () => {
  let request: IncomingMessage | undefined;
  answer = (incoming, response) => {
    request = incoming;
    reply(200, '{"data":{"me":"ok"}}')(incoming, response);
  };
  const identity = { subject: 'user-1', scopes: ['customer'] };
  expect(await client.call({ subgraph: 'users', query: '{ me }', identity, requestId: 'request-1' })).toEqual(
    {
      me: 'ok',
    },
  );
  expect(request?.headers['x-request-id']).toBe('request-1');
  const assertion = String(request?.headers[IDENTITY_HEADER]);
  expect(await createCallerVerifier(SECRET)(assertion)).toEqual({
    identity,
    service: 'orders',
    clientAddress: null,
  });
});

describe('a failure says what is known', () => {
  it.each<[string, Answer, string]>([
    [
      'errors',
      reply(200, '{"data":{"me":null},"errors":[{"message":"s3cret","extensions":{"code":"X"}}]}'),
      'refused',
    ],
    ['no data', reply(200, '{}'), 'refused'],
    ['HTML', reply(200, '<html>'), 'refused'],
    ['a broken server', reply(503, 's3cret'), 'unavailable'],
    ['a broken connection', (request) => void request.socket.destroy(), 'unavailable'],
    ['silence', () => undefined, 'timeout'],
  ])('%s', async (_case, how, failure) => {
    answer = how;
    const error = await call().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'ServiceError', failure, subgraph: 'users' });
    expect((error as Error).message).not.toContain('s3cret');
  });

  it('an address that is not known', async () => {
    await expect(call('products')).rejects.toMatchObject({
      failure: 'unavailable',
      message: expect.stringContaining('SUBGRAPH_URLS'),
    });
  });
});
