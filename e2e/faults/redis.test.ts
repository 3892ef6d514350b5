import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  describeWithRedis,
  type NetworkFault,
  type OwnRedis,
  openSubscriber,
  openTcpProxy,
  startOwnRedis,
  type TcpProxy,
} from '@tributary/testing';
import { until } from '../support/until.ts';
import { openShop, type Shop } from './shop.ts';

const BUYERS = 10;
const RECOVERY = 5_000; // milliseconds
const STEPS = 'subscription { viewerOrdersChanged { order { id } } }';

/** What reads are answered meanwhile is in `caching/outages.test.ts`, what listeners of one order are told in `subscriptions/`. */
describeWithRedis(
  'nobody who buys notices, and who listens is told within seconds of its return, when Redis',
  () => {
    let redis: OwnRedis;
    let way: TcpProxy;
    let shop: Shop;

    beforeAll(async () => {
      redis = await startOwnRedis();
      way = await openTcpProxy(redis.url);
      shop = await openShop({ redis: way.url });
    });
    afterAll(async () => {
      await shop?.stop();
      await way?.block();
      await redis?.stop();
    });

    const CASES: [string, () => unknown, () => unknown][] = [
      ['is suspended', () => redis.suspend(), () => redis.resume()],
      [
        'is killed',
        () => redis.stop('SIGKILL'),
        async () => {
          redis = await startOwnRedis(redis.port);
        },
      ],
      ...(
        [
          ['is too slow', { kind: 'delay', ms: 150, jitter: 100 }],
          ['does not answer', { kind: 'hole' }],
          ['resets connections', { kind: 'reset' }],
          ['breaks off its answers', { kind: 'truncate', afterBytes: 3 }],
        ] satisfies [string, NetworkFault][]
      ).map(([name, fault]): [string, () => unknown, () => unknown] => [
        name,
        () => way.inject(fault),
        () => way.inject(null),
      ]),
    ];

    it.each(CASES)('%s', async (_name, begin, end) => {
      const buyers = await shop.gather(BUYERS);
      const [buyer] = buyers as [(typeof buyers)[0]];
      const listener = openSubscriber(`${shop.graph.gateway.url}/graphql`, {
        connectionParams: await shop.graph.authorizationOf(buyer.userId),
      });
      const steps = listener.subscribe(STEPS);
      // Answered when the subscription has begun.
      await listener.subscribe('{ __typename }').take(1);
      await begin();
      await shop.rush(buyers);
      await end();
      await until(async () => steps.results.length > 0, RECOVERY);
      await listener.close();
      expect(steps.results[0]?.errors).toBeUndefined();
      expect(shop.failures).toEqual([]);
      expect(await shop.audit()).toEqual([]);
    });
  },
);
