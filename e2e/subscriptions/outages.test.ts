import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { describeWithRedis, openTcpProxy, startOwnRedis, type TcpProxy } from '@tributary/testing';
import { metricOf } from '../support/metric.ts';
import { type Article, stockUp } from '../support/shopping.ts';
import { type Graph, startGraph, textOf } from '../support/start-graph.ts';
import { type ServiceProcess, startProcess } from '../support/start-process.ts';
import { until } from '../support/until.ts';
import { type Crowd, gather } from './crowd.ts';
import { connect, listenToOrder } from './listeners.ts';

const WARM_UP = 500; // rounds
const ROUNDS = 5_000;
const AT_ONCE = 50;
const MORE = 0.1; // part of the heap by which it may differ after that

/**
 * Two gateways, each with an orders subgraph of its own, on one Redis and one database. What happens is done by the
 * first ones, which also do the jobs; who listens does so at the second ones, which are killed.
 */
describeWithRedis('200 listeners at another gateway than the one where things happen', () => {
  let redis: Awaited<ReturnType<typeof startOwnRedis>>;
  /** Between Redis and the subgraph of who listens. */
  let wayToRedis: TcpProxy;
  let graph: Graph;
  let orders: ServiceProcess;
  let gateway: ServiceProcess;
  let article: Article;
  let crowd: Crowd;

  beforeAll(async () => {
    redis = await startOwnRedis();
    graph = await startGraph({ redis: redis.url });
    wayToRedis = await openTcpProxy(redis.url);
    orders = await startProcess('orders', {
      ...graph.settings.subgraphs,
      REDIS_URL: wayToRedis.url,
      JOB_CONCURRENCY: '0',
    });
    gateway = await startProcess('gateway', {
      ...graph.settings.gateway,
      SUBGRAPH_URLS: textOf(new Map([...graph.urls, ['orders', orders.url]])),
      CONNECTIONS_PER_CLIENT: '1000',
    });
    [article] = (await stockUp(graph, 1)) as [Article];
  });
  afterAll(async () => {
    await gateway?.kill();
    await orders?.kill();
    await graph?.stop();
    await redis?.stop();
    await wayToRedis?.block();
  });
  beforeEach(async () => {
    crowd = await gather(graph, article);
    await crowd.open(gateway.url);
  });
  afterEach(() => crowd?.close());

  /** Waits until nothing is left of the listeners, at the gateway and the subgraph. */
  const nobodyListens = () =>
    until(async () => {
      const left = await Promise.all([
        metricOf(gateway.adminUrl, 'gateway_client_connections{'),
        metricOf(gateway.adminUrl, 'gateway_subscriptions{'),
        metricOf(gateway.adminUrl, 'gateway_upstream_subscriptions{'),
        metricOf(orders.adminUrl, 'subscriptions{'),
      ]);
      return left.every((count) => count === 0);
    });

  it('are told by way of Redis, as one upstream for each order', async () => {
    expect(await metricOf(gateway.adminUrl, 'gateway_upstream_subscriptions{')).toBe(crowd.orders.length);
    await crowd.advance('PAID');
    await crowd.advance('FULFILLED');
    await crowd.take(3);
    expect(crowd.told()).toEqual([['1 PENDING_PAYMENT', '2 PAID', '3 FULFILLED']]);
    await crowd.close();
    await nobodyListens();
  });

  it('go on when Redis was away, and are told once of what happened meanwhile', async () => {
    await redis.stop();
    await crowd.advance('PAID');
    redis = await startOwnRedis(redis.port);
    await crowd.take(2);
    await crowd.advance('FULFILLED');
    await crowd.take(3);
    await crowd.advance('DELIVERED');
    await crowd.take(4);
    expect(crowd.told()).toEqual([['1 PENDING_PAYMENT', '2 PAID', '3 FULFILLED', '4 DELIVERED']]);
  });

  it('are told once of what others were told while their subgraph had lost Redis', async () => {
    const nearby = connect(graph.gateway.url, await graph.authorization('staff'));
    const witness = listenToOrder(nearby, crowd.orders[0] as string);
    await witness.take(1);
    await wayToRedis.block();
    await crowd.advance('PAID');
    await witness.take(2);
    await nearby.close();
    await wayToRedis.unblock();
    await crowd.take(2);
    await crowd.advance('FULFILLED');
    await crowd.take(3);
    expect(crowd.told()).toEqual([['1 PENDING_PAYMENT', '2 PAID', '3 FULFILLED']]);
  });

  it('are told that the subgraph was killed, and begin with the state when it is back', async () => {
    await orders.kill();
    expect(await crowd.ended()).toEqual(['SUBGRAPH_UNAVAILABLE']);
    expect(crowd.told()).toEqual([['1 PENDING_PAYMENT']]);
    crowd.again();
    expect(await crowd.ended()).toEqual(['SUBGRAPH_UNAVAILABLE']);
    await crowd.advance('PAID');
    await orders.restart();
    crowd.again();
    await crowd.take(1);
    await crowd.advance('FULFILLED');
    await crowd.take(2);
    expect(crowd.told()).toEqual([['2 PAID', '3 FULFILLED']]);
  });

  it('are cut off when the gateway is killed, and begin with the state when it is back', async () => {
    await gateway.kill();
    expect(await crowd.ended()).toEqual(['1006']);
    await until(async () => (await metricOf(orders.adminUrl, 'subscriptions{')) === 0);
    await crowd.advance('PAID');
    await gateway.restart();
    await crowd.open(gateway.url);
    await crowd.advance('FULFILLED');
    await crowd.take(2);
    expect(crowd.told()).toEqual([['2 PAID', '3 FULFILLED']]);
  });

  it(`leave nothing behind, after ${ROUNDS} connections that came and went`, async () => {
    await crowd.close();
    const authorization = await graph.authorization('staff');
    const round = async (n: number) => {
      const subscriber = connect(gateway.url, authorization);
      listenToOrder(subscriber, crowd.orders[n % crowd.orders.length] as string);
      // Answered when the subscription has begun.
      await subscriber.subscribe('{ __typename }').take(1);
      await subscriber.close();
    };
    const comeAndGo = async (rounds: number) => {
      let next = 0;
      const work = async () => {
        for (let n = next++; n < rounds; n = next++) await round(n);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      await nobodyListens();
    };
    await comeAndGo(WARM_UP);
    const before = await gateway.heap();
    await comeAndGo(ROUNDS);
    const after = await gateway.heap();
    expect(Math.abs(after / before - 1)).toBeLessThan(MORE);
  }, 180_000);
});
