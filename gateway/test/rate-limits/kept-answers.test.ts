import { expect, it } from '@jest/globals';
import { LINK } from '../caching/shelf.ts';
import { startFederation } from '../support/federation.ts';
import { ask } from './support.ts';

const definition = [
  `${LINK} type Query { thing: Int @cacheControl(maxAge: 60) } type Mutation { touch: Int }`,
  { Query: { thing: () => 1 }, Mutation: { touch: () => 2 } },
] as Parameters<typeof startFederation>[0][string];

it.each([
  ['per_address: { points: 6, per: 1h }', [200, 200, 200, 200, 200, 200, 429]],
  ['fields: { Query.thing: { points: 6, per: 1h } }', [200, 200, 200, 200, 200, 200, 429]],
  ['fields: { Mutation.touch: { points: 1, per: 1h } }', [200, 200, 200, 200, 200, 200, 200]],
])('counts equal requests whose answers are kept: %s', async (limits, expected) => {
  const gateway = await startFederation(
    { things: definition },
    {},
    { files: { 'gateway.yaml': `caching: { responses: { memory: 1MB } }\nrate_limits: {${limits}}\n` } },
  );
  const given: number[] = [];
  for (let time = 0; time < 7; time++) given.push((await ask(gateway)).status);
  await gateway.close();
  expect(given).toEqual(expected);
});
