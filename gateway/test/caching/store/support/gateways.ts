import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createLogger, Registry } from '@tributary/platform';
import { createCacheMetrics } from '../../../../src/caching/store/cache-metrics.ts';
import type { CacheStore } from '../../../../src/caching/store/cache-store.ts';
import { createCacheStores } from '../../../../src/caching/store/cache-stores.ts';
import { until } from '../../../support/until.ts';
import { entryOf } from './entries.ts';
import { figure } from './figure.ts';

export const logger = createLogger({ name: 'test', LOG_LEVEL: 'silent', NODE_ENV: 'test' });

/** What one gateway has of the caches. */
export interface TestGatewayStore {
  store: CacheStore;
  registry: Registry;
  close(): Promise<void>;
}

const opened: TestGatewayStore[] = [];

/** Opens the stores of a gateway, and waits until it uses Redis and its memory. */
export async function openGateway(redisUrl: string, prefix?: string): Promise<TestGatewayStore> {
  const registry = new Registry();
  const stores = createCacheStores({ redisUrl, prefix, logger, metrics: createCacheMetrics(registry) });
  const gateway = { store: stores.open('things', 10_000_000), registry, close: () => stores.close() };
  opened.push(gateway);
  await usesRedis(gateway);
  return gateway;
}

export async function closeGateways(): Promise<void> {
  for (const gateway of opened.splice(0)) await gateway.close();
}

/** Waits until a gateway uses Redis, and hears of what changes. */
export const usesRedis = ({ store, registry }: TestGatewayStore): Promise<void> =>
  until(async () => {
    const key = randomUUID();
    store.keep([{ key, entry: entryOf('') }], store.begin());
    return store.peek(key) !== undefined && (await figure(registry, 'cache_redis_breaker_open')) === 0;
  });

/** Waits until all gateways have heard what any of them has said so far, and Redis has what they keep. */
export async function settled(gateways: readonly TestGatewayStore[]): Promise<void> {
  for (const { store } of gateways) {
    const name = randomUUID();
    await until(async () => {
      await store.mark([name], 60_000); // again where one did not listen
      await delay(1);
      return gateways.every((each) => each.store.isMarked(name));
    });
  }
}

/** Keeps an entry as a request does that found none. */
export const fill = (gateway: TestGatewayStore, key: string, text: string, labels: string[] = []) =>
  patiently(gateway, async () => {
    const { reading } = await gateway.store.lookup([key]);
    gateway.store.keep([{ key, entry: entryOf(text, labels) }], reading);
    await settled([gateway]);
  });

/** What a look-up gives: the text, and the layer that had it. */
export const find = (gateway: TestGatewayStore, key: string) =>
  patiently(gateway, () => findNow(gateway, key));

/** The same, also while Redis is away. */
export async function findNow({ store }: TestGatewayStore, key: string): Promise<string | undefined> {
  const [found] = (await store.lookup([key])).found;
  return found && `${found.entry.body} (${found.layer})`;
}

/** Does it again when Redis was given up meanwhile: a machine that has much to do is no outage. */
async function patiently<T>(gateway: TestGatewayStore, run: () => Promise<T>): Promise<T> {
  for (;;) {
    await usesRedis(gateway);
    const result = await run();
    if ((await figure(gateway.registry, 'cache_redis_breaker_open')) === 0) return result;
  }
}
