import { cpus, loadavg } from 'node:os';
import { step } from '../../../../scripts/step.mjs';
import { cacheBench } from '../../benches/cache/cache.bench.ts';
import { refreshStatistics } from '../../benches/checkout/buyers.ts';
import { stockUp } from '../../benches/checkout/catalogue.ts';
import { gatherCrowds } from '../../benches/checkout/crowds.ts';
import { PLACED } from '../../benches/checkout/purchases.ts';
import { checkoutScenarios } from '../../benches/checkout/scenarios.ts';
import type { CheckoutSide } from '../../benches/checkout/side.ts';
import { crossing, productPage } from '../../benches/graph/scenarios.ts';
import { subscriptionsBench } from '../../benches/subscriptions/subscriptions.bench.ts';
import { startFederation } from '../../federation/federation.ts';
import { issueKeys } from '../../federation/keys.ts';
import { openShop, type Shop } from '../../federation/shop.ts';
import type { Bench, Row } from '../../harness/bench.ts';
import { type LoadGenerator, startLoadGenerator } from '../../harness/load/load-generator.ts';
import { toHttp } from '../../harness/load/request.ts';
import { createScope, type Scope } from '../../harness/scope.ts';
import type { Costs } from '../costs.ts';
import { measureOperation } from './measure-operation.ts';

const CONNECTIONS = 16; // enough that the processes are never idle, and few enough that nothing is refused
const SECONDS = 10; // as long before: an order is so much code that it takes hundreds of them until it is compiled
const LISTENERS = 0.1; // the smallest crowd whose memory stands out: 1,000

/**
 * Measures all that the model works with, on this machine; a few minutes. Linux only.
 *
 * @param scope - owns what is started
 * @returns the costs, without where and when
 * @throws StartupError or Error when a side does not start or an answer is wrong
 */
export async function measureCosts(scope: Scope): Promise<Omit<Costs, 'measured'>> {
  const operations = await measureOperations(scope);
  const [memory, redis] = await rowsOf(scope, cacheBench, 'bare-http', [
    'product page: hit in process',
    'product page: hit in Redis',
  ]);
  const [idle, fanOut] = await rowsOf(scope, subscriptionsBench, 'bare-ws', ['idle', 'fan-out']);
  return {
    operations,
    hits: { memoryCpuMs: cpuOf(memory), redisCpuMs: cpuOf(redis) },
    subscriptions: { listenerKB: idle?.listenerKB ?? Number.NaN, messageCpuMs: cpuOf(fanOut) },
  };
}

/** In a sentence: cores, Node, and how busy it was in the last fifteen minutes. */
export const thisMachine = (): string =>
  `${cpus().length} cores, Node ${process.versions.node}, load ${loadavg()[2]?.toFixed(1)}`;

const cpuOf = (row: Row | undefined): number => row?.cpuMs ?? Number.NaN;

async function measureOperations(scope: Scope): Promise<Costs['operations']> {
  const shop = await step('Shop, scale 1', (report) => openShop(scope, 1, report));
  const keys = await issueKeys();
  const federation: CheckoutSide = await step('Federation', async () => ({
    ...(await startFederation({ shop, keys, profileDir: null, scope })),
    databases: shop.urls,
  }));
  const load = startLoadGenerator(scope);
  const reads = async (name: string, scenario: Awaited<ReturnType<typeof productPage>>) => {
    const order = { url: federation.url, requests: scenario.requests.map(toHttp), connections: CONNECTIONS };
    return step(name, async () => {
      await load.run({ ...order, from: 0, seconds: SECONDS });
      return measureOperation(federation, { ...order, from: 1_000, seconds: SECONDS }, load);
    });
  };
  return {
    productPage: await reads('Product page', await productPage(shop)),
    crossing: await reads('Crossing', await crossing(shop, keys)),
    order: await measureOrders(federation, shop, keys, load),
  };
}

async function measureOrders(
  side: CheckoutSide,
  shop: Shop,
  keys: Awaited<ReturnType<typeof issueKeys>>,
  load: LoadGenerator,
) {
  const offers = await stockUp(shop.urls.products);
  const [, scenario] = checkoutScenarios(offers);
  if (!scenario) throw new Error('there is no scenario of orders');
  const [first, second] = await gatherCrowds({ scenario, rounds: 2, seconds: SECONDS, keys, sides: [side] });
  if (!first || !second) throw new Error('there are no buyers');
  await refreshStatistics(side.databases);
  const order = { url: side.url, once: true, contains: PLACED, connections: CONNECTIONS, seconds: SECONDS };
  return step('Orders', async () => {
    await load.run({ ...order, requests: first.requests, from: 0 });
    return measureOperation(side, { ...order, requests: second.requests, from: 0 }, load);
  });
}

/** A benchmark's rows of our side, one for each scenario. */
async function rowsOf(
  parent: Scope,
  bench: Bench,
  peer: string,
  scenarios: readonly string[],
): Promise<Row[]> {
  const scope = createScope();
  parent.own(() => scope.close());
  const options = { seconds: 1.5, rounds: 1, scale: LISTENERS, peers: [peer], scenarios };
  const { rows } = await bench.run({ ...options, profileDir: null, scope });
  await scope.close();
  return scenarios.map((name) => {
    const row = rows.find((one) => one.scenario === name && one.name === 'tributary');
    if (!row) throw new Error(`${name}: was not measured`);
    return row;
  });
}
