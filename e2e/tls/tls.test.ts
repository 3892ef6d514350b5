import { once } from 'node:events';
import { Agent, get } from 'node:https';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createCertificate, openSubscriber } from '@tributary/testing';
import { fillTokenCart } from '../access-matrix/shop.ts';
import { makeGoods } from '../caching/goods.ts';
import { metricOf } from '../support/metric.ts';
import { until } from '../support/until.ts';
import { certificateOf, type SecureGraph, startSecureGraph } from './secure-graph.ts';

const READERS = 8;
/** Fields of all three subgraphs. */
const EVERYWHERE =
  '{ viewer { displayName cart { lines { quantity } } } products(first: 1) { edges { node { title } } } }';
const TITLES = '{ products(first: 1) { edges { node { title } } } }';

let graph: SecureGraph;
beforeAll(async () => {
  graph = await startSecureGraph();
});
afterAll(() => graph?.stop());

it('answers over TLS, from subgraphs that each other and the gateway show certificates to', async () => {
  expect(new URL(graph.gateway.url).protocol).toBe('https:');
  // The keys that this token is checked with are fetched from a subgraph as well.
  const { data, errors } = await graph.ask(EVERYWHERE, { viewer: 'customer' });
  expect([errors, data]).toEqual([undefined, { viewer: expect.anything(), products: expect.anything() }]);
  const [good] = (await makeGoods(graph, 1)).goods;
  // Orders asks products for it.
  expect((await fillTokenCart(graph, good?.variant ?? '')).line).not.toBe('');
  const subscriber = openSubscriber(`${graph.gateway.url}/graphql`, { ca: graph.trusted });
  const stock = subscriber.subscribe(
    'subscription ($ids: [ID!]!) { stockChanged(variantIds: $ids) { variant { id } } }',
    { ids: [good?.variant] },
  );
  expect(await stock.take(1)).toEqual([{ data: { stockChanged: { variant: { id: good?.variant } } } }]);
  await subscriber.close();
});

/** What comes of asking a subgraph, with a certificate of one's own or none. */
const knock = (ca: string, shown: object = {}) =>
  once(get(graph.subgraphs.products.url, { ca, ...shown, agent: false }), 'response');
const REFUSED = /certificate required|handshake failure|ECONNRESET|socket hang up|unknown ca/i;

it('lets nobody into a subgraph without a certificate, but who probes it', async () => {
  const { url, adminUrl } = graph.subgraphs.products;
  const ca = graph.certificates.subgraphs.cert;
  for (const shown of [{}, createCertificate()]) await expect(knock(ca, shown)).rejects.toThrow(REFUSED);
  await expect(fetch(url.replace('https:', 'http:'))).rejects.toThrow('fetch failed');
  for (const probe of ['live', 'ready'])
    expect((await fetch(new URL(`/health/${probe}`, adminUrl))).status).toBe(200);
});

it('takes other certificates without losing a request, and keeps its own when they are no good', async () => {
  const { gateway, subgraphs, certificates } = graph;
  let running = true;
  const kept = new Agent({ keepAlive: true });
  const readers = Array.from({ length: READERS }, async (_, n) => {
    let answers = 0;
    for (; running; answers += 1) await graph.askWith(n % 2 === 0 ? kept : false, TITLES);
    return answers;
  });
  const failed = Promise.all(readers); // ends with the first that fails
  const reloads = (adminUrl: string, outcome: string) =>
    metricOf(adminUrl, `tls_reloads_total{use="server",outcome="${outcome}"`);
  const renewed = async () => {
    await graph.renew('gateway', certificates.nextGateway);
    await graph.renew('subgraphs', certificates.nextSubgraphs);
    const servers = [gateway, ...Object.values(subgraphs)];
    await until(async () => {
      const counts = await Promise.all(servers.map(({ adminUrl }) => reloads(adminUrl, 'ok')));
      return counts.every((count) => count === 1);
    });
    expect(await certificateOf(gateway.url)).toBe(certificates.nextGateway.cert);
    expect(await certificateOf(subgraphs.products.url)).toBe(certificates.nextSubgraphs.cert);
    await expect(knock(certificates.nextSubgraphs.cert)).rejects.toThrow(REFUSED);
    await graph.renew('gateway', createCertificate(Date.now() - 1_000));
    await until(async () => (await reloads(gateway.adminUrl, 'failed')) === 1);
    expect(await certificateOf(gateway.url)).toBe(certificates.nextGateway.cert);
  };
  await Promise.race([renewed(), failed]);
  running = false;
  for (const answers of await failed) expect(answers).toBeGreaterThan(0);
  kept.destroy();
});
