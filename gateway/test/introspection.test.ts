import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSocket } from './subscriptions/support/socket.ts';
import { startTestGateway, type TestGateway } from './support/gateway.ts';
import { startSubgraph, type TestSubgraph } from './support/subgraph.ts';

let subgraph: TestSubgraph;
/** By `NODE_ENV`. */
const gateways = new Map<string, TestGateway>();

beforeAll(async () => {
  subgraph = await startSubgraph(
    'paint',
    `type Query { colour(shade: Shade, wish: Wish): String  mix(of: [Shade!]): Colour }
    type Colour { name: String }
    enum Shade { CRIMSON TURQUOISE }
    input Wish { brightness: Int! }`,
    { Query: { colour: () => 'red', mix: () => ({ name: 'brown' }) } },
  );
  for (const env of ['development', 'production']) {
    gateways.set(env, await startTestGateway([subgraph], { NODE_ENV: env }));
  }
});

afterAll(async () => {
  for (const gateway of gateways.values()) await gateway.close();
  await subgraph.stop();
});

const messagesOf = async (env: string, query: string, variables: Record<string, unknown> = {}) => {
  const { errors = [] } = (await gateways.get(env)?.query({ query, variables })) ?? {};
  return errors.map(({ message }) => message).join(' ');
};

const SHADE = 'query ($shade: Shade) { colour(shade: $shade) }';
const WISH = 'query ($wish: Wish) { colour(wish: $wish) }';

/** What is wrong by one letter, and what it should have been. */
const MISTAKES: [string, string, Record<string, unknown>, string][] = [
  ['a field', '{ colou }', {}, 'colour'],
  ['a field of a field', '{ mix { nam } }', {}, 'name'],
  ['an argument', '{ colour(shad: CRIMSON) }', {}, 'shade'],
  ['a type', '{ mix { ... on Colou { name } } }', {}, 'Colour'],
  ['the type of a variable', 'query ($wish: Wis) { colour(wish: $wish) }', {}, 'Wish'],
  ['a value of an enum', '{ colour(shade: CRIMSOM) }', {}, 'CRIMSON'],
  ['a value of an enum, as a text', '{ colour(shade: "CRIMSON") }', {}, 'CRIMSON'],
  ['a field of an input', '{ colour(wish: { brightnes: 1, brightness: 1 }) }', {}, 'brightness'],
  ['a value of an enum in a variable', SHADE, { shade: 'CRIMSOM' }, 'CRIMSON'],
  ['a field of an input in a variable', WISH, { wish: { brightnes: 1, brightness: 1 } }, 'brightness'],
];

describe.each(MISTAKES)('%s that is wrong by a letter', (_name, query, variables, right) => {
  it('is mended in development', async () => {
    expect(await messagesOf('development', query, variables)).toMatch(new RegExp(`Did you mean.*"${right}"`));
  });

  it('is only refused in production, at first and when the operation is known', async () => {
    for (const time of [1, 2]) {
      const message = await messagesOf('production', query, variables);
      expect([time, message]).toEqual([time, expect.stringMatching(/./)]);
      expect(message).not.toContain('Did you mean');
    }
  });
});

it('suggestions are hidden over WebSockets as well', async () => {
  const socket = await openSocket(gateways.get('production')?.endpoint ?? '');
  await socket.init();
  socket.subscribe('1', SHADE, { shade: 'CRIMSOM' });
  const { type, payload } = await socket.receive();
  expect([type, JSON.stringify(payload)]).toEqual(['error', expect.not.stringContaining('CRIMSON')]);
  await socket.close();
});

describe('introspection', () => {
  it.each([
    ['the schema', '{ __schema { types { name } } }'],
    ['a type', '{ __type(name: "Shade") { enumValues { name } } }'],
    ['under an alias, in a fragment', '{ ...F } fragment F on Query { s: __schema { queryType { name } } }'],
  ])('of %s: on in development, off in production', async (_name, query) => {
    expect(await messagesOf('development', query)).toBe('');
    expect(await messagesOf('production', query)).toContain('introspection is not allowed');
  });

  it('can be switched on in production, and suggestions with it; and off in development', async () => {
    const open = await startTestGateway([subgraph], { NODE_ENV: 'production', INTROSPECTION: 'true' });
    const shut = await startTestGateway([subgraph], { NODE_ENV: 'development', INTROSPECTION: 'false' });
    try {
      const asked = async (gateway: TestGateway) => {
        const schema = await gateway.query({ query: '{ __schema { queryType { name } } }' });
        const mistake = await gateway.query({ query: SHADE, variables: { shade: 'CRIMSOM' } });
        return [schema.data !== undefined, /Did you mean/.test(mistake.errors?.[0]?.message ?? '')];
      };
      expect([await asked(open), await asked(shut)]).toEqual([
        [true, true],
        [false, false],
      ]);
    } finally {
      await open.close();
      await shut.close();
    }
  });
});
