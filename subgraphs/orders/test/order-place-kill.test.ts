import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { graphql, identityHeaders } from '@tributary/testing';
import { CHECKPOINTS } from '../src/services/placing/checkpoint.ts';
import { customer, userId, variantId } from './support/fixtures.ts';
import { type Ask, add, type Market, openMarket, place, placed, placing } from './support/market.ts';
import { spawnMortalOrders } from './support/spawn-mortal-orders.ts';

let market: Market;
beforeAll(async () => {
  market = await openMarket();
  market.warehouse.stock(variantId(1));
});
afterAll(() => market?.close());

it.each(CHECKPOINTS.filter((at) => at !== 'aborted'))(
  'a process that is killed when an order is %s leaves one order to the next',
  async (at) => {
    const n = CHECKPOINTS.indexOf(at) + 1;
    await add(market.shop.ask, customer(n), 1, 2);
    const mortal = await spawnMortalOrders(market, at);
    const ask: Ask = async (viewer, query, variables = {}) =>
      graphql(mortal.url, { query, variables, headers: await identityHeaders(viewer) });
    try {
      await expect(place(ask, n, placing(n, 700))).rejects.toThrow('fetch failed');
      expect(await mortal.death).toBe('SIGKILL');
    } finally {
      mortal.kill();
    }
    const answer = await placed(market.shop.ask, n, placing(n, 700));
    expect(answer.userErrors).toEqual([]);
    expect(await placed(market.shop.ask, n, placing(n, 700))).toEqual(answer);
    const orders = await market.shop.prisma.order.findMany({ where: { userId: userId(n) } });
    expect(orders.map(({ number }) => number)).toEqual([answer.order?.number]);
    expect(market.warehouse.kept(variantId(1), 'HELD')).toBe(2 * n);
  },
);
