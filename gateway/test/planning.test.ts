import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { ask, startFederation } from './support/federation.ts';
import type { TestGateway } from './support/gateway.ts';
import { askInParts } from './support/parts.ts';

const opened: TestGateway[] = [];
afterEach(async () => {
  for (const gateway of opened.splice(0)) await gateway.close();
});

async function start(
  definitions: Parameters<typeof startFederation>[0],
  env: Record<string, string> = {},
): Promise<TestGateway> {
  const gateway = await startFederation(definitions, env);
  opened.push(gateway);
  return gateway;
}

describe('a key that is not resolvable', () => {
  it('is not used to come back to a subgraph after @requires', async () => {
    type Reference = { imo?: string; flag?: { code: string }; name: string };
    const gateway = await start({
      registry: [
        `type Query { fleet: [Ship!] }
        type Ship @key(fields: "callSign", resolvable: false) @key(fields: "imo flag { code }") {
          imo: ID! callSign: ID! flag: Flag!
          name: String @external
          label: String @requires(fields: "name")
        }
        type Flag { code: ID! }`,
        {
          Query: { fleet: () => [{ imo: '9', callSign: 'ABC', flag: { code: 'NO' } }] },
          Ship: { label: ({ imo, flag, name }: Reference) => `${name} (${imo} ${flag?.code})` },
        },
      ],
      harbour: [
        `type Ship @key(fields: "callSign", resolvable: false) @key(fields: "imo") {
          imo: ID! callSign: ID! name: String
        }`,
        { Ship: { name: ({ imo }: Reference) => `Ship ${imo}` } },
      ],
    });
    expect(await ask(gateway, { query: '{ fleet { label } }' })).toEqual({
      data: { fleet: [{ label: 'Ship 9 (9 NO)' }] },
    });
  });
});

describe('fields whose types differ in a subgraph', () => {
  it('are asked for under a fragment that has a condition only', async () => {
    const gateway = await start({
      notes: [
        `type Query { notes: [Note] }
        interface Note { text: String }
        type Letter implements Note @key(fields: "id") { id: ID! text: String! @shareable }
        type Memo implements Note @key(fields: "id") { id: ID! text: String @shareable }`,
        {
          Query: {
            notes: () => [
              { __typename: 'Letter', id: '1', text: 'Dear' },
              { __typename: 'Memo', id: '2', text: null },
            ],
          },
        },
      ],
      archive: [
        `type Letter @key(fields: "id") { id: ID! text: String @shareable }`,
        { Letter: { text: () => 'archived' } },
      ],
    });
    const query = `query Notes($memos: Boolean!) {
      notes { ... on Letter { text } ... @include(if: $memos) { ... on Memo { text } } }
    }`;
    expect(await ask(gateway, { query, variables: { memos: true } })).toEqual({
      data: { notes: [{ text: 'Dear' }, { text: null }] },
    });
    expect(await ask(gateway, { query, variables: { memos: false } })).toEqual({
      data: { notes: [{ text: 'Dear' }, {}] },
    });
  });
});

describe('a fragment on an interface', () => {
  it('leads back to the type that the object is known to be of', async () => {
    const gateway = await start({
      books: [
        `type Query { book: Book }
        interface Named { name: String }
        type Book implements Named @key(fields: "id") { id: ID! name: String pages: Int }
        type Pen implements Named { name: String ink: String }`,
        { Query: { book: () => ({ id: '1', name: 'One', pages: 7 }) } },
      ],
    });
    const query = `{ book { ...Named } }
      fragment Named on Named { ... on Book { pages ... on Named { name } } ... on Pen { ink } }`;
    expect(await ask(gateway, { query })).toEqual({ data: { book: { pages: 7, name: 'One' } } });
  });
});

describe('an operation that cannot be planned', () => {
  it('is refused when no subgraph has what is selected', async () => {
    const gateway = await start({
      nodes: [
        'type Query { node: Node } interface Node @key(fields: "id") { id: ID! }',
        { Query: { node: () => ({ id: '1' }) } },
      ],
      labels: [
        `type Query { labelled: Node }
        type Node @key(fields: "id", resolvable: false) @interfaceObject { id: ID! label: String }`,
        { Query: { labelled: () => ({ id: '1', label: 'one' }) } },
      ],
    });
    const { data, errors } = await ask(gateway, { query: '{ node { label } }' });
    expect(data ?? null).toBeNull();
    expect(errors).toMatchObject([{ path: ['node'], extensions: { code: 'UNRESOLVABLE_SELECTION' } }]);
    expect(await ask(gateway, { query: '{ labelled { id label } }' })).toEqual({
      data: { labelled: { id: '1', label: 'one' } },
    });
    const leftOut =
      '{ node @skip(if: true) { label } ...None __typename } fragment None on Query { kind: __typename }';
    expect(await ask(gateway, { query: leftOut })).toEqual({ data: { kind: 'Query', __typename: 'Query' } });
  });

  it.each(['test', 'production'])('is refused when the planner fails, with NODE_ENV=%s', async (env) => {
    const types = Array.from({ length: 8 }, (_, n) => `T${n}`);
    const federation: Parameters<typeof start>[0] = {
      media: [
        `type Query { media: Media }
        interface Media @key(fields: "id") { id: ID! title: String }
        ${types.map((type) => `type ${type} implements Media @key(fields: "id") { id: ID! title: String }`).join(' ')}`,
        { Query: { media: () => ({ __typename: 'T1', id: '1', title: 'One' }) } },
      ],
      scores: [
        `type Query { best: Media }
        type Media @key(fields: "id") @interfaceObject {
          id: ID! title: String @external score: Int @requires(fields: "title") related: [Media] @shareable
        }`,
        { Media: { score: () => 1 } },
      ],
      ranks: [
        `type Media @key(fields: "id") @interfaceObject {
          id: ID! score: Int @external rank: Int @requires(fields: "score") related: [Media] @shareable
        }`,
        { Media: { rank: () => 1 } },
      ],
    };
    const gateway = await start(federation, { NODE_ENV: env });
    const log = jest.spyOn(gateway.logger, 'error');
    const fragments = types.map((type) => `... on ${type} { rank related { rank } }`).join(' ');
    const query = `{ best { related { related { title rank score ${fragments} } } } }`;
    const { data, errors } = await ask(gateway, { query, headers: { 'x-request-id': 'unplannable' } });
    expect(data ?? null).toBeNull();
    const code = 'QUERY_PLANNING_FAILED';
    const [[{ err: reason }]] = log.mock.calls as unknown as [[{ err: Error }]];
    expect(errors).toEqual([
      {
        message: 'No query plan was found. Ask for less at once, or for fewer types of an interface.',
        extensions: {
          code,
          requestId: 'unplannable',
          ...(env === 'test' && { reason: reason.message }),
        },
      },
    ]);
    expect(log).toHaveBeenCalledWith(
      { err: expect.any(Error), requestId: 'unplannable' },
      'an operation could not be planned',
    );
    expect(await ask(gateway, { query: '{ media { title score } }' })).toEqual({
      data: { media: { title: 'One', score: 1 } },
    });
  });
});

describe('fragments on types that an object cannot be of', () => {
  /** What `find` comes upon, and unions that its subgraph does not know or that others are in. */
  const startLost = () =>
    start({
      finder: [
        `type Query { find: Found loose: Loose }
        union Found = Lamp | Vase
        union Loose = Lamp | Nail | Vase
        union Sharp = Nail | Vase
        type Lamp { watts: Int }
        type Vase @shareable { name: String height: Int }
        type Nail @shareable { name: String length: Int }`,
        {
          Query: {
            find: () => ({ __typename: 'Vase', name: 'Ming', height: 30 }),
            loose: () => ({ __typename: 'Nail', name: 'Ten', length: 10 }),
          },
        },
      ],
      museum: [
        `type Query { shown: Shown }
        union Shown = Coin | Vase
        type Coin { value: Int }
        type Vase @shareable { name: String height: Int }`,
        { Query: { shown: () => ({ __typename: 'Coin', value: 2 }) } },
      ],
    });

  it('are left out, however far apart they are', async () => {
    const gateway = await startLost();
    const query = `{ find {
      ... on Shown { kind: __typename ... on Sharp { ... on Nail { length } ... on Vase { height } } }
    } }`;
    expect(await ask(gateway, { query })).toEqual({ data: { find: { kind: 'Vase', height: 30 } } });
  });

  it('leave an object empty of which nothing else is selected', async () => {
    const gateway = await startLost();
    const query = '{ find { ... on Shown { ... on Sharp { ... on Nail { length } } } } }';
    expect(await ask(gateway, { query })).toEqual({ data: { find: {} } });
  });

  it('are left out of a named fragment only where they cannot be', async () => {
    const gateway = await startLost();
    const query = `query Both($nails: Boolean!) {
      find { ... on Shown { ...Point } }
      loose { ...Point ...Point_1 }
      all: find { ...Shown @include(if: $nails) }
    }
    fragment Point on Sharp { kind: __typename ... on Nail { length } ...Nail @include(if: $nails) }
    fragment Point_1 on Sharp { ... on Nail { ... on Nail { size: length } } }
    fragment Nail on Nail { name }
    fragment Shown on Shown { ...Point ... on Sharp @include(if: $nails) { ...Nail } }`;
    for (const nails of [true, false])
      expect(await ask(gateway, { query, variables: { nails } })).toEqual({
        data: {
          find: { kind: 'Vase' },
          loose: { kind: 'Nail', length: 10, size: 10, ...(nails && { name: 'Ten' }) },
          all: nails ? { kind: 'Vase' } : {},
        },
      });
  });

  it('make a deferred part that comes with nothing in it', async () => {
    const gateway = await startLost();
    const query = `{ find { ... on Shown {
      ... on Sharp @defer(label: "nothing") { ... on Nail { length } }
      ... on Vase @defer(label: "vase") { height }
    } } }`;
    const [first, ...later] = await (await askInParts(gateway.endpoint, { body: { query } })).rest();
    expect(first).toEqual({ data: { find: {} }, hasNext: true });
    expect(later.at(-1)).toMatchObject({ hasNext: false });
    const parts = later.flatMap(({ incremental = [] }) => incremental);
    expect(parts.toSorted((one, other) => ((one.label ?? '') < (other.label ?? '') ? -1 : 1))).toEqual([
      { label: 'nothing', path: ['find'], data: {} },
      { label: 'vase', path: ['find'], data: { height: 30 } },
    ]);
  });
});
