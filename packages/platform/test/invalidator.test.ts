import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import {
  createCallerVerifier,
  createInvalidator,
  createLogger,
  IDENTITY_HEADER,
  Registry,
} from '../src/index.ts';

const SECRET = 'a secret of at least thirty-two characters';
const logger = createLogger({ name: 'test', LOG_LEVEL: 'silent', NODE_ENV: 'test' });

let server: Server;
let status: number;
let requests: { method: string | undefined; headers: IncomingMessage['headers']; body: string }[];
beforeEach(async () => {
  status = 200;
  requests = [];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    requests.push({ method: request.method, headers: request.headers, body });
    response.writeHead(status).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function open(secret?: string) {
  const metrics = new Registry();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/invalidate`;
  const invalidator = createInvalidator({ url, secret, service: 'shop', logger, metrics });
  if (!invalidator) throw new Error('there is one');
  return { metrics, invalidator };
}

it('tells a gateway by HTTP what has changed, signed as the service', async () => {
  const { invalidator, metrics } = open(SECRET);
  await invalidator.invalidate({ keys: ['Product:1'], tags: ['all'] });
  const [request] = requests;
  expect([request?.method, request?.headers['content-type']]).toEqual(['POST', 'application/json']);
  expect(JSON.parse(request?.body ?? '')).toEqual({ keys: ['Product:1'], tags: ['all'] });
  expect(await createCallerVerifier(SECRET)(String(request?.headers[IDENTITY_HEADER]))).toEqual({
    identity: null,
    service: 'shop',
    clientAddress: null,
  });
  expect(await metrics.metrics()).toMatch(/^cache_invalidations_total\{outcome="ok"\} 1$/m);
});

it('signs nothing without a secret', async () => {
  await open().invalidator.invalidate({ keys: ['Product:1'] });
  expect(requests[0]?.headers[IDENTITY_HEADER]).toBeUndefined();
});

it('fails where the gateway refuses, or is not there', async () => {
  const { invalidator, metrics } = open(SECRET);
  status = 401;
  await expect(invalidator.invalidate({ keys: ['Product:1'] })).rejects.toThrow('HTTP 401');
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await expect(invalidator.invalidate({ keys: ['Product:1'] })).rejects.toThrow();
  expect(await metrics.metrics()).toMatch(/^cache_invalidations_total\{outcome="error"\} 2$/m);
});

it('fails where no Redis answers', async () => {
  const redisUrl = 'redis://127.0.0.1:1';
  const invalidator = createInvalidator({ redisUrl, service: 'shop', logger, metrics: new Registry() });
  await expect(invalidator?.invalidate({ keys: ['Product:1'] })).rejects.toThrow();
  await invalidator?.close();
});

it('is none where there is nobody to tell', () => {
  expect(createInvalidator({ service: 'shop', logger, metrics: new Registry() })).toBeNull();
});
