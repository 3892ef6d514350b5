import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toGlobalId } from '@tributary/subgraph-kit';
import { someViewer } from '@tributary/testing';
import { type Community, openCommunity } from './support/community.ts';
import { userId, userRow } from './support/fixtures.ts';

const staff = someViewer('STAFF');
const cursor = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
const TIME = '2025-01-01T00:00:00.000Z';

let community: Community;
beforeAll(async () => {
  community = await openCommunity();
  await community.prisma.user.createMany({
    data: [
      userRow(1, { displayName: 'Ada Lovelace', email: 'ada@example.com' }),
      userRow(2, { displayName: '100%_\\ Bo', email: 'bo@example.com' }),
      userRow(3, { displayName: 'Chloé 👋👋👋' }),
    ],
  });
});
afterAll(() => community.close());

describe('arguments of a list', () => {
  it.each([
    ['first: 101', 'INVALID_PAGINATION', 'first'],
    ['first: 1000', 'INVALID_PAGINATION', 'first'],
    ['first: -1', 'INVALID_PAGINATION', 'first'],
    ['last: -1', 'INVALID_PAGINATION', 'last'],
    ['first: 1, last: 1', 'INVALID_PAGINATION', 'last'],
    ['after: "x", before: "x"', 'INVALID_PAGINATION', 'before'],
    ['after: "no cursor 👋"', 'INVALID_CURSOR', 'after'],
    [`after: "${cursor('users DISPLAY_NAME DESC', 'x', userId(1))}"`, 'INVALID_CURSOR', 'after'],
    [`before: "${cursor('orders PLACED_AT DESC', TIME, userId(1))}"`, 'INVALID_CURSOR', 'before'],
  ])('%s is refused by users and by addresses', async (args, reason, argument) => {
    const { data, errors } = await community.ask(
      staff,
      `query ($id: ID!) {
        users(${args}) { edges { cursor } }
        user(id: $id) { addresses(${args}) { edges { cursor } } }
      }`,
      { id: toGlobalId('User', userId(1)) },
    );
    const extensions = { code: 'BAD_USER_INPUT', reason, argument };
    expect(data).toEqual({ users: null, user: { addresses: null } });
    expect(errors?.map((error) => error.extensions)).toEqual([extensions, extensions]);
  });

  it.each(['sort: { field: SHOE_SIZE }', 'filter: { role: KING }', 'filter: { search: 5 }', 'first: 1.5'])(
    '%s is refused before anything runs',
    async (args) => {
      const { status, errors } = await community.ask(staff, `{ users(${args}) { edges { cursor } } }`);
      expect(status).toBe(400);
      expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    },
  );
});

describe('an id', () => {
  const user = (id: string) => community.ask(staff, 'query ($id: ID!) { user(id: $id) { email } }', { id });

  it.each([
    ['malformed', '!'],
    ['empty', ''],
    ['10 kB long', 'x'.repeat(10_000)],
    ['an emoji', '👋'],
    ['a bare uuid', userId(1)],
    ['of another type', toGlobalId('Order', userId(1))],
    ['without a uuid', toGlobalId('User', 'x')],
  ])('that is %s is refused', async (_case, id) => {
    const { data, errors } = await user(id);
    expect(data).toEqual({ user: null });
    expect(errors?.map(({ extensions }) => extensions)).toEqual([
      { code: 'BAD_USER_INPUT', reason: 'INVALID_ID', argument: 'id' },
    ]);
  });

  it('that nobody has answers null', async () => {
    const { data, errors } = await user(toGlobalId('User', userId(999)));
    expect({ data, errors }).toEqual({ data: { user: null }, errors: undefined });
  });
});

describe('a search', () => {
  const search = (text: string) =>
    community.ask<{ users: { totalCount: number; edges: { node: { displayName: string } }[] } | null }>(
      staff,
      `query ($search: String) { users(filter: { search: $search }, sort: { field: CREATED_AT }) {
        totalCount edges { node { displayName } } } }`,
      { search: text },
    );

  it.each<[string, string[]]>([
    ['lovelace', ['Ada Lovelace']],
    ['  ADA@EXAMPLE ', ['Ada Lovelace']],
    ['EXAMPLE.com', ['Ada Lovelace', '100%_\\ Bo', 'Chloé 👋👋👋']],
    ['%%%', []],
    ['___', []],
    ['0%_\\', ['100%_\\ Bo']],
    ['\\\\\\', []],
    ["' OR 1=1; DROP TABLE users; --", []],
    ['👋👋👋', ['Chloé 👋👋👋']],
    ['chloe\u0301', ['Chloé 👋👋👋']],
    ['👋'.repeat(200), []],
  ])('for %j takes it literally', async (text, names) => {
    const { data, errors } = await search(text);
    expect(errors).toBeUndefined();
    expect(data.users?.edges.map(({ node }) => node.displayName)).toEqual(names);
    expect(data.users?.totalCount).toBe(names.length);
  });

  it.each([
    ['nothing', '', 'INVALID_ARGUMENT'],
    ['two letters between blanks', '  ab  ', 'INVALID_ARGUMENT'],
    ['two emojis', '👋👋', 'INVALID_ARGUMENT'],
    ['201 letters', 'x'.repeat(201), 'TEXT_TOO_LONG'],
    ['10 kB', 'x'.repeat(10_000), 'TEXT_TOO_LONG'],
  ])('for %s is refused', async (_case, text, reason) => {
    const { data, errors } = await search(text);
    expect(data).toEqual({ users: null });
    expect(errors?.map(({ extensions }) => extensions)).toEqual([
      { code: 'BAD_USER_INPUT', reason, argument: 'filter.search' },
    ]);
  });
});
