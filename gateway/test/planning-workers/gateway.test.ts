import { afterEach, expect, it } from '@jest/globals';
import { figure } from '../rate-limits/support.ts';
import { ask, startFederation, type TestFederation } from '../support/federation.ts';

let gateway: TestFederation;
afterEach(() => gateway.close());

const OWNERS = ['a', 'b', 'c', 'd'];
const FIELDS = Array.from({ length: 500 }, (_, n) => n);

/** Any of the subgraphs has each field, and one field that the others do not have: there are very many plans. */
const startHard = (env: Record<string, string>) =>
  startFederation(
    {
      roots: [
        'type Query { start: Part quick: Int } type Part @key(fields: "id") { id: ID! }',
        { Query: { quick: () => 1 } },
      ],
      ...Object.fromEntries(
        OWNERS.map((owner) => [
          owner,
          [
            `type Part @key(fields: "id") { id: ID! ${FIELDS.map((n) => `f${n}: U${n} @shareable`).join(' ')} }
            ${FIELDS.map((n) => `type U${n} @key(fields: "id") { id: ID! ${owner}: Int }`).join(' ')}`,
            {},
          ],
        ]),
      ),
    },
    env,
    { files: { 'gateway.yaml': 'limits: { fields: 5000, tokens: 10000 }' } },
  );
const HARD = `{ start { ${FIELDS.map((n) => `f${n} { ${OWNERS.join(' ')} }`).join(' ')} } }`;

it('refuses what takes too long to plan, and answers others meanwhile', async () => {
  gateway = await startHard({ PLANNING_WORKERS: '1', PLANNING_TIMEOUT_MS: '300' });
  expect(await ask(gateway, { query: '{ quick }' })).toEqual({ data: { quick: 1 } });
  let isRefused = false;
  const hard = gateway.query({ query: HARD }).finally(() => {
    isRefused = true;
  });
  expect(await ask(gateway, { query: '{ quick }' })).toEqual({ data: { quick: 1 } });
  expect(isRefused).toBe(false);
  const waiting = ask(gateway, { query: '{ later: quick }' });
  expect(await hard).toMatchObject({
    status: 400,
    errors: [{ extensions: { code: 'QUERY_PLANNING_TIMEOUT' } }],
  });
  expect(await waiting).toEqual({ data: { later: 1 } });
  expect(await figure(gateway, 'gateway_planning_threads_lost_total{reason="timeout"')).toBe(1);
  expect(await figure(gateway, 'gateway_planning_waiting')).toBe(0);
});
