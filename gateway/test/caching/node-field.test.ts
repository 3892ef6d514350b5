import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { globalId } from '../support/library.ts';
import { type SubgraphContext, startSubgraph, type TestSubgraph } from '../support/subgraph.ts';
import { NODE } from '../support/workspace.ts';
import { invalidate, LINK, TOKEN } from './shelf.ts';

const NODE_INTERFACE = '"An object with an id." interface Node { "Its id." id: ID! }';
const LAMP = globalId('Good', 1);
const CHAIR = globalId('Good', 2);
const BASKET = globalId('Basket', 1);
const SECRET = globalId('Secret', 1);

/** What is in the shop; tests change it. */
const titles: Record<string, string> = {};
let goods: TestSubgraph;
let ratings: TestSubgraph;

const startGoods = () =>
  startSubgraph(
    'goods',
    `${LINK} ${NODE_INTERFACE}
    type Query { open: Boolean }
    type Good implements Node @key(fields: "id") @cacheControl(maxAge: 60) @cacheTag(format: "good-{$key.id}") {
      id: ID! title: String
    }
    type Basket implements Node @key(fields: "id") @cacheControl(maxAge: 60, scope: PRIVATE) { id: ID! owner: String }
    type Secret implements Node @key(fields: "id") { id: ID! }`,
    {
      Good: {
        __resolveReference: ({ id }: { id: string }) => (titles[id] ? { id, title: titles[id] } : null),
      },
      Basket: {
        __resolveReference: ({ id }: { id: string }, { headers }: SubgraphContext) => ({
          id,
          owner: headers.authorization,
        }),
      },
      Secret: { __resolveReference: ({ id }: { id: string }) => ({ id }) },
    },
  );

/** Adds to goods what may be kept for less long. */
const startRatings = () =>
  startSubgraph(
    'ratings',
    `${LINK} type Query { best: Int }
    type Good @key(fields: "id") @cacheControl(maxAge: 30) { id: ID! stars: Int }`,
    { Good: { __resolveReference: ({ id }: { id: string }) => ({ id, stars: 5 }) } },
  );

beforeAll(async () => {
  [goods, ratings] = await Promise.all([startGoods(), startRatings()]);
});
beforeEach(() => {
  Object.assign(titles, { [LAMP]: 'Lamp', [CHAIR]: 'Chair' });
  for (const { requests } of [goods, ratings]) requests.length = 0;
});
afterAll(() => Promise.all([goods.stop(), ratings.stop()]));

const ONE = 'query ($id: ID!) { node(id: $id) { id ... on Good { title } ... on Basket { owner } } }';
const EXISTS = 'query ($id: ID!) { node(id: $id) { id } }';
const STARS = 'query ($id: ID!) { node(id: $id) { ... on Good { stars } } }';
const SEVERAL = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';

/** What the gateway is made from. In files the enum is a scalar, as composition hints at enums of directives alone. */
const graph = () => [
  ...[goods, ratings].map((subgraph) => ({
    ...subgraph,
    sdl: subgraph.sdl.replace('enum CacheControlScope { PUBLIC PRIVATE }', 'scalar CacheControlScope'),
  })),
  NODE,
];

/** Asks, and tells what caches are told and did. */
async function ask(
  gateway: TestGateway,
  query: string,
  variables: Record<string, unknown>,
  headers: Record<string, string> = {},
) {
  const { data, headers: answered } = await gateway.query({ query, variables, headers });
  return { data, cacheControl: answered.get('cache-control') };
}

describe('Query.node', () => {
  let gateway: TestGateway;

  /** With operations that are compiled: the first request of each is no look-up. */
  async function start(caching: string): Promise<void> {
    gateway = await startTestGateway(
      graph(),
      { CACHE_INVALIDATION_TOKEN: TOKEN, PROPAGATE_HEADERS: 'authorization' },
      { files: { 'gateway.yaml': `caching: {${caching}}\n` } },
    );
    for (const query of [ONE, EXISTS, STARS])
      await gateway.query({ query, variables: { id: globalId('Good', 404) } });
    await gateway.query({ query: SEVERAL, variables: { ids: [] } });
    goods.requests.length = 0;
  }

  /** Asks once more, and counts what the owner was asked for it. */
  async function again(query: string, id: string, headers?: Record<string, string>) {
    goods.requests.length = 0;
    const { data } = await ask(gateway, query, { id }, headers);
    return { data, requests: goods.requests.length };
  }

  describe.each([
    ['whole answers', 'entities: off'],
    ['entities and root fields', 'responses: off'],
    ['both', 'max_age: 24h'],
  ])('with a cache of %s', (_what, caching) => {
    beforeAll(() => start(caching));
    afterAll(() => gateway.close());

    it('is kept as what it gives, without a request for whether that is there', async () => {
      const first = await ask(gateway, ONE, { id: CHAIR });
      expect(first).toMatchObject({
        data: { node: { id: CHAIR, title: 'Chair' } },
        cacheControl: 'max-age=60, public',
      });
      expect(goods.requests.length).toBeGreaterThan(0);
      expect(await again(ONE, CHAIR)).toEqual({ data: first.data, requests: 0 });
    });

    it('is dropped with what it gives, also when only its id was asked for', async () => {
      for (const changed of [{ keys: [`Good:${LAMP}`] }, { tags: [`good-${LAMP}`] }]) {
        Object.assign(titles, { [LAMP]: 'Lamp' });
        await invalidate(gateway, { keys: [`Good:${LAMP}`] });
        for (const query of [ONE, EXISTS]) {
          await ask(gateway, query, { id: LAMP });
          expect(await again(query, LAMP)).toMatchObject({ requests: 0 });
        }
        delete titles[LAMP];
        await invalidate(gateway, changed);
        for (const query of [ONE, EXISTS])
          expect((await ask(gateway, query, { id: LAMP })).data).toEqual({ node: null });
      }
    });

    it('is kept for one viewer when what it gives is', async () => {
      for (const name of ['Ada', 'Bob']) {
        const headers = { authorization: name };
        const data = { node: { id: BASKET, owner: name } };
        expect(await ask(gateway, ONE, { id: BASKET }, headers)).toMatchObject({
          data,
          cacheControl: 'max-age=60, private',
        });
        expect(await again(ONE, BASKET, headers)).toEqual({ data, requests: 0 });
      }
      // Nothing tells the nameless apart.
      await ask(gateway, ONE, { id: BASKET });
      expect((await again(ONE, BASKET)).requests).toBeGreaterThan(0);
    });
  });

  describe('with caches', () => {
    beforeAll(() => start('max_age: 24h'));
    afterAll(() => gateway.close());

    it.each([
      ['the shortest of its parts', STARS, { id: LAMP }, 'max-age=30, public'],
      ['several of a kind', SEVERAL, { ids: [LAMP, CHAIR] }, 'max-age=60, public'],
      ['what is public and what is not', SEVERAL, { ids: [LAMP, BASKET] }, 'max-age=60, private'],
      ['an object without a hint', EXISTS, { id: SECRET }, 'no-store'],
      ['one of several without a hint', SEVERAL, { ids: [LAMP, SECRET] }, 'no-store'],
      ['what is not there', EXISTS, { id: globalId('Good', 404) }, 'no-store'],
      [
        'something that is not there among others',
        SEVERAL,
        { ids: [LAMP, globalId('Good', 404)] },
        'no-store',
      ],
      ['what is no id', EXISTS, { id: 'nonsense' }, 'no-store'],
      ['nothing', SEVERAL, { ids: [] }, 'no-store'],
    ])('says how long %s may be kept', async (_what, query, variables, cacheControl) => {
      expect((await ask(gateway, query, variables)).cacheControl).toBe(cacheControl);
    });
  });

  it.each([
    ['is not kept where nothing of its owner is', 'subgraphs: { goods: off }', 'no-store'],
    [
      'is kept for no longer than its type',
      'subgraphs: { goods: { types: { Good: { ttl: 5s } } } }',
      'max-age=5, public',
    ],
  ])('%s', async (_what, caching, cacheControl) => {
    await start(caching);
    try {
      expect((await ask(gateway, EXISTS, { id: LAMP })).cacheControl).toBe(cacheControl);
    } finally {
      await gateway.close();
    }
  });

  it.each(['tributary', 'apollo'])(
    'tells browsers without caches, with the executor %s',
    async (executor) => {
      // Apollo's gateway refuses supergraphs with tags.
      const tagless = graph().map(({ sdl, ...entry }) => ({
        ...entry,
        sdl: sdl.replaceAll(/@cacheTag\(.*\)|"@cacheTag",/g, ''),
      }));
      gateway = await startTestGateway(tagless, { EXECUTOR: executor });
      try {
        for (const [query, variables, expected] of [
          [ONE, { id: LAMP }, 'max-age=60, public'],
          [STARS, { id: LAMP }, 'max-age=30, public'],
          [EXISTS, { id: SECRET }, 'no-store'],
        ] as const)
          expect((await ask(gateway, query, variables)).cacheControl).toBe(expected);
      } finally {
        await gateway.close();
      }
    },
  );
});
