import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { connectRedis, createLogger, whenReady } from '@tributary/platform';
import { describeWithRedis, type OwnRedis, startOwnRedis } from '@tributary/testing';
import type { TestGateway } from '../support/gateway.ts';
import { ask, figure, startLimited } from './support.ts';

const FAILURES = 'rate_limit_store_failures_total';
const logger = createLogger({ name: 'test', LOG_LEVEL: 'silent', NODE_ENV: 'test' });

describeWithRedis('rate limits in Redis', () => {
  let server: OwnRedis;
  const gateways: TestGateway[] = [];
  beforeEach(async () => {
    server = await startOwnRedis();
  });
  afterEach(async () => {
    await Promise.all(gateways.splice(0).map((gateway) => gateway.close()));
    await server.stop();
  });

  const start = async (limits: string): Promise<TestGateway> => {
    const gateway = await startLimited(limits, { REDIS_URL: server.url, TRUST_PROXY: '1' });
    gateways.push(gateway);
    await usesRedis(gateway);
    return gateway;
  };
  let addresses = 0;
  const elsewhere = () => ({ 'x-forwarded-for': `198.51.100.${++addresses}` });

  /** Waits until requests are counted in Redis; the test's own time limit ends it otherwise. */
  async function usesRedis(gateway: TestGateway): Promise<void> {
    for (;;) {
      const before = await figure(gateway, FAILURES);
      await ask(gateway, '{ thing }', elsewhere());
      if ((await figure(gateway, FAILURES)) === before) return;
    }
  }

  /** As an operator, on a connection that ends. */
  async function operate<T>(command: (redis: ReturnType<typeof connectRedis>) => Promise<T>): Promise<T> {
    const redis = connectRedis(server.url, logger, { commandTimeout: 10_000 });
    await whenReady(redis);
    return command(redis).finally(() => redis.disconnect());
  }

  const statuses = async (asked: Promise<{ status: number }>[]) =>
    (await Promise.all(asked)).map(({ status }) => status).sort();

  it('let exactly so many through all gateways together, also when 200 come at once', async () => {
    const [a, b] = [
      await start('per_address: { points: 60, per: 1h }'),
      await start('per_address: { points: 60, per: 1h }'),
    ];
    const failures = async () => (await figure(a, FAILURES)) + (await figure(b, FAILURES));
    let given: number[];
    let before: number;
    // Again when Redis was given up meanwhile: a machine that has much to do is no outage.
    do {
      await Promise.all([usesRedis(a), usesRedis(b)]);
      before = await failures();
      const viewer = elsewhere();
      given = await statuses(Array.from({ length: 200 }, (_, n) => ask(n % 2 ? a : b, '{ thing }', viewer)));
    } while ((await failures()) > before);
    expect([given.lastIndexOf(200), given.indexOf(429), given.length]).toEqual([59, 60, 200]);
  });

  it('ask Redis no more for who is over a limit', async () => {
    const gateway = await start('per_address: { points: 1, per: 1h }');
    const viewer = { 'x-forwarded-for': '192.0.2.1' };
    expect(await statuses([ask(gateway, '{ thing }', viewer), ask(gateway, '{ thing }', viewer)])).toEqual([
      200, 429,
    ]);
    const evaluated = () =>
      operate(
        async (redis) => /cmdstat_incrby:calls=(\d+)/.exec(String(await redis.info('commandstats')))?.[1],
      );
    const before = await evaluated();
    for (let time = 0; time < 3; time++) expect((await ask(gateway, '{ thing }', viewer)).status).toBe(429);
    expect(await evaluated()).toBe(before);
  });

  it('leave nothing there when their time is up', async () => {
    const gateway = await start('per_address: { points: 5, per: 1h }');
    await ask(gateway, '{ thing }', { 'x-forwarded-for': '192.0.2.9' });
    const ttl = await operate((redis) => redis.ttl('tributary:rate:per_address:192.0.2.9'));
    expect(ttl).toBeGreaterThan(3_500);
  });

  it('are counted in process while Redis hangs, which few requests wait for, and in Redis again after', async () => {
    const gateway = await start('per_address: { points: 2, per: 1h }');
    const before = await figure(gateway, FAILURES);
    await operate((redis) => redis.call('CLIENT', 'PAUSE', '1500', 'ALL'));
    const viewer = { 'x-forwarded-for': '192.0.2.1' };
    const given = [];
    for (let time = 0; time < 3; time++) given.push((await ask(gateway, '{ thing }', viewer)).status);
    expect(given).toEqual([200, 200, 429]);
    expect(await figure(gateway, FAILURES)).toBeGreaterThan(before);
    await usesRedis(gateway);
  });

  it('are counted in process while Redis is gone, and in Redis again after', async () => {
    const gateway = await start('per_address: { points: 2, per: 1h }');
    const before = await figure(gateway, FAILURES);
    await server.stop('SIGKILL');
    const viewer = { 'x-forwarded-for': '192.0.2.1' };
    const given = [];
    for (let time = 0; time < 3; time++) given.push((await ask(gateway, '{ thing }', viewer)).status);
    expect(given).toEqual([200, 200, 429]);
    expect(await figure(gateway, FAILURES)).toBe(before + 3);
    server = await startOwnRedis(server.port);
    await usesRedis(gateway);
  });
});
