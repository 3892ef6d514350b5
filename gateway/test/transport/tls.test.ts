import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger, createMetrics, openTls, type Registry, StartupError } from '@tributary/platform';
import { createCertificate } from '@tributary/testing';
import { startTestGateway } from '../support/gateway.ts';

const logger = createLogger({ name: 'test', LOG_LEVEL: 'silent', NODE_ENV: 'test' });
const [one, other] = [createCertificate(), createCertificate()];
const FILES = {
  'cert.pem': one.cert,
  'key.pem': one.key,
  'other.key': other.key,
  'expired.pem': createCertificate(Date.now() - 1_000).cert,
  'early.pem': createCertificate(Date.now() + 10 * 3_600_000).cert,
  'text.txt': 'no PEM',
};

let folder: string;
const at = (name: string) => join(folder, name);
const figure = async (registry: Registry, name: string, labels: object) =>
  (await registry.getSingleMetric(name)?.get())?.values.find(
    (value) => JSON.stringify(value.labels) === JSON.stringify(labels),
  )?.value;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-tls-'));
  for (const [name, text] of Object.entries(FILES)) await writeFile(at(name), text);
});
afterAll(() => rm(folder, { recursive: true }));

describe('a service does not start', () => {
  it.each<[string, Record<string, string>, RegExp]>([
    ['with half a pair', { TLS_CERT_FILE: 'cert.pem' }, /^TLS_KEY_FILE: is required with TLS_CERT_FILE$/],
    ['with the other half', { TLS_KEY_FILE: 'key.pem' }, /^TLS_CERT_FILE: is required with TLS_KEY_FILE$/],
    [
      'when it asks for certificates and has none',
      { TLS_CLIENT_CA_FILE: 'cert.pem' },
      /^TLS_CERT_FILE: is required with TLS_CLIENT_CA_FILE$/,
    ],
    [
      'without a file',
      { TLS_CERT_FILE: 'none.pem', TLS_KEY_FILE: 'key.pem' },
      /^TLS_CERT_FILE: \S+none.pem cannot be read \(ENOENT\)$/,
    ],
    [
      'with something else',
      { TLS_CERT_FILE: 'text.txt', TLS_KEY_FILE: 'key.pem' },
      /^TLS_CERT_FILE: \S+text.txt holds no PEM certificate \(ERR_\w+\)$/,
    ],
    [
      'with something else as key',
      { SUBGRAPH_CERT_FILE: 'cert.pem', SUBGRAPH_KEY_FILE: 'text.txt' },
      /^SUBGRAPH_KEY_FILE: \S+text.txt holds no PEM private key without a passphrase \(ERR_\w+\)$/,
    ],
    [
      'with another’s key',
      { TLS_CERT_FILE: 'cert.pem', TLS_KEY_FILE: 'other.key' },
      /^TLS_KEY_FILE: \S+other.key is not the key of TLS_CERT_FILE \(\S+\) \(ERR_OSSL_X509_KEY_VALUES_MISMATCH\)$/,
    ],
    [
      'with a certificate that is over',
      { TLS_CERT_FILE: 'expired.pem', TLS_KEY_FILE: 'key.pem' },
      /^TLS_CERT_FILE: \S+expired.pem expired on .+ \(CERT_HAS_EXPIRED\)$/,
    ],
    [
      'with one that is not good yet',
      { SUBGRAPH_CA_FILE: 'early.pem' },
      /^SUBGRAPH_CA_FILE: \S+early.pem is not good before .+ \(CERT_NOT_YET_VALID\)$/,
    ],
  ])('%s', async (_what, settings, message) => {
    const paths = Object.fromEntries(Object.entries(settings).map(([name, file]) => [name, at(file)]));
    const failure = await openTls(paths, createMetrics('test'), logger).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StartupError);
    expect((failure as Error).message).toMatch(message);
  });
});

it('goes on with what it has when files become unusable, and takes what is good', async () => {
  const registry = createMetrics('test');
  const files = { TLS_CERT_FILE: at('live.pem'), TLS_KEY_FILE: at('live.key') };
  await writeFile(files.TLS_CERT_FILE, one.cert);
  await writeFile(files.TLS_KEY_FILE, one.key);
  const { server, close } = await openTls(files, registry, logger);
  const reloads = (outcome: string) => figure(registry, 'tls_reloads_total', { use: 'server', outcome });
  const expiry = () => figure(registry, 'tls_certificate_expiry_timestamp_seconds', { use: 'server' });
  expect(Math.abs(Number(await expiry()) - Date.now() / 1_000 - 3_600)).toBeLessThan(60);
  const taken: unknown[] = [];
  server?.onChange((material) => taken.push(material));

  await writeFile(files.TLS_CERT_FILE, other.cert); // its key is still that of the one before
  while ((await reloads('failed')) !== 1) await pause(20);
  expect([server?.current, taken]).toEqual([one, []]);
  await writeFile(files.TLS_KEY_FILE, other.key);
  while ((await reloads('ok')) !== 1) await pause(20);
  expect([server?.current, taken]).toEqual([other, [other]]);
  await rm(files.TLS_KEY_FILE);
  while ((await reloads('failed')) !== 2) await pause(20);
  expect(server?.current).toEqual(other);
  close();
});

it('hands event streams on over TLS, to and from who shows a certificate', async () => {
  const shown: unknown[] = [];
  const subgraph = createServer(
    { cert: one.cert, key: one.key, ca: other.cert, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      shown.push((request.socket as TLSSocket).getPeerX509Certificate()?.toString() === other.cert);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end('event: next\ndata: {"data":{"tick":7}}\n\nevent: complete\ndata:\n\n');
    },
  ).listen(0, '127.0.0.1');
  await once(subgraph, 'listening');
  await writeFile(at('one.pem'), one.cert);
  await writeFile(at('other.pem'), other.cert);
  const url = `https://localhost:${(subgraph.address() as AddressInfo).port}/graphql`;
  const gateway = await startTestGateway(
    [{ name: 'clock', url, sdl: 'type Query { now: Int } type Subscription { tick: Int }' }],
    {
      TLS_CERT_FILE: at('one.pem'),
      TLS_KEY_FILE: at('key.pem'),
      SUBGRAPH_CA_FILE: at('one.pem'),
      SUBGRAPH_CERT_FILE: at('other.pem'),
      SUBGRAPH_KEY_FILE: at('other.key'),
    },
    { files: { 'gateway.yaml': 'subgraphs: { clock: { subscriptions: { protocol: sse } } }' } },
  );
  const search = new URLSearchParams({ query: 'subscription { tick }' });
  const [answer] = (await once(
    get(`${gateway.endpoint}?${search}`, {
      ca: one.cert,
      headers: { accept: 'text/event-stream', 'apollo-require-preflight': '1' },
    }),
    'response',
  )) as [IncomingMessage];
  expect(await text(answer)).toContain('{"data":{"tick":7}}');
  expect(shown).toEqual([true]);
  // The protocol that is spoken is agreed on.
  const { port, hostname: host } = new URL(gateway.url);
  const socket = connect({ host, port: Number(port), ca: one.cert, ALPNProtocols: ['h2', 'http/1.1'] });
  await once(socket, 'secureConnect');
  expect(socket.alpnProtocol).toBe('http/1.1');
  // Nobody waits at the end for who has only connected.
  await gateway.close();
  socket.destroy();
  subgraph.closeAllConnections();
  subgraph.close();
});
