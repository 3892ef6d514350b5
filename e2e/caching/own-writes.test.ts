import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeWithRedis } from '@tributary/testing';
import { addBuyers } from '../support/buyers.ts';
import { until } from '../support/until.ts';
import { changeOf, type Good, type GoodsAnswer, makeGoods, QUERIES, versionsIn } from './goods.ts';
import { startTwoGateways, type TwoGateways } from './two-gateways.ts';

const TIMES = 50; // customers, and as many of staff
const GATEWAYS = [0, 1];

const NAME = '{ viewer { displayName } }';
const RENAME = `mutation ($input: UserUpdateInput!) { userUpdate(input: $input) { user { id } } }`;

describeWithRedis('who changed something sees it at once, at both gateways', () => {
  describe.each([
    { jobs: true, how: 'while jobs are worked on' },
    { jobs: false, how: 'while nobody works on jobs, and nothing is evicted' },
  ])('$how', ({ jobs }) => {
    let two: TwoGateways;
    let good: Good;
    beforeAll(async () => {
      two = await startTwoGateways({ jobs, apart: false });
      [good] = (await makeGoods(two.graph, 1)).goods as [Good];
    });
    afterAll(() => two?.stop());

    /** Asks until the answer is one that was kept. */
    const fill = (gateway: number, query: string, headers: Record<string, string>, variables = {}) =>
      until(async () => {
        await two.ask(gateway, { query, variables, headers });
        const answer = await two.ask(gateway, { query, variables, headers });
        return answer.headers.get('x-cache') === 'hit';
      });

    it(`${TIMES} customers, their names`, async () => {
      const buyers = await addBuyers(two.graph, Array(TIMES).fill([]));
      const seen: string[] = [];
      for (const [n, { userId }] of buyers.entries()) {
        const headers = await two.graph.authorizationOf(userId);
        for (const gateway of GATEWAYS) await fill(gateway, NAME, headers);
        const variables = { input: { displayName: 'New name' } };
        await two.ask(n % 2, { query: RENAME, variables, headers });
        for (const gateway of GATEWAYS) {
          const { data } = await two.ask<{ viewer: { displayName: string } }>(gateway, {
            query: NAME,
            headers,
          });
          seen.push(data.viewer.displayName);
        }
      }
      expect(seen.filter((name) => name !== 'New name')).toEqual([]);
      expect(seen).toHaveLength(TIMES * GATEWAYS.length);
    });

    it(`${TIMES} of staff, a product that all of them share`, async () => {
      const wrong: unknown[] = [];
      for (let version = 1; version <= TIMES; version++) {
        const variables = { id: good.id };
        const colleague = await two.graph.authorizationOf(randomUUID(), 'staff');
        for (const gateway of GATEWAYS) await fill(gateway, QUERIES.byId, colleague, variables);
        const headers = await two.graph.authorizationOf(randomUUID(), 'staff');
        await two.ask(version % 2, { ...changeOf(good, 'title', version), headers });
        for (const gateway of GATEWAYS) {
          const { data } = await two.ask<GoodsAnswer>(gateway, { query: QUERIES.byId, variables, headers });
          const seen = versionsIn(data).find(({ value }) => value === 'title')?.version;
          if (seen !== version) wrong.push({ version, seen, gateway });
        }
      }
      expect(wrong).toEqual([]);
    });
  });
});
