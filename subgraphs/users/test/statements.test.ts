import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toGlobalId } from '@tributary/subgraph-kit';
import { countStatements, someViewer } from '@tributary/testing';
import { type Community, openCommunity } from './support/community.ts';
import { addressId, addressRow, userId, userRow } from './support/fixtures.ts';

const numbers = Array.from({ length: 100 }, (_, n) => n);

let community: Community;
beforeAll(async () => {
  community = await openCommunity();
  await community.prisma.user.createMany({ data: numbers.map((n) => userRow(n)) });
  await community.prisma.address.createMany({
    data: numbers.map((n) => addressRow(n, { userId: userId(n) })),
  });
});
afterAll(() => community.close());

/** Counts the statements of an operation that must not fail; that staff reads is one of them, whatever it reads. */
async function statementsOf(query: string, variables: Record<string, unknown>) {
  const { result, statements } = await countStatements([community.subgraph.metrics], () =>
    community.ask<Record<string, unknown>>(someViewer('STAFF'), query, variables),
  );
  expect(result.errors).toBeUndefined();
  return { data: result.data, statements };
}

describe('statements, for 1 and for 100', () => {
  it.each([
    ['users', 2, 'edges { node { email role } }'],
    ['users, counted', 3, 'totalCount edges { node { email } }'],
    ['users → addresses', 3, 'edges { node { addresses(first: 3) { edges { node { city } } } } }'],
    [
      'users → addresses in two ways',
      4,
      'edges { node { first: addresses(first: 1) { edges { cursor } } last: addresses(last: 1) { edges { cursor } } } }',
    ],
  ])('%s: %i', async (_path, expected, selection) => {
    const query = `query ($first: Int!) { users(first: $first) { ${selection} } }`;
    for (const first of [1, 100]) expect((await statementsOf(query, { first })).statements).toBe(expected);
  });

  it.each([
    ['User', 1, 'displayName', userId],
    ['User', 3, 'email addresses { edges { node { city } } }', userId],
    ['Address', 2, 'city', addressId],
  ])('references of %s: %i, for %s', async (type, expected, selection, idOf) => {
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${type} { ${selection} } } }`;
    for (const count of [1, 100]) {
      const of = numbers.slice(0, count).map((n) => ({ __typename: type, id: toGlobalId(type, idOf(n)) }));
      const { data, statements } = await statementsOf(query, { of });
      expect(data._entities).toHaveLength(count);
      expect(data._entities).not.toContain(null);
      expect(statements).toBe(expected);
    }
  });
});
