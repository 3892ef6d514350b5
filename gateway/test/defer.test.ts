import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from './support/gateway.ts';
import { ACCEPT_PARTS, askInParts, mergeParts } from './support/parts.ts';
import { type Shop, startShop } from './support/shop.ts';

let shop: Shop;
let gateway: TestGateway;
beforeAll(async () => {
  shop = await startShop();
  gateway = await startTestGateway(shop.subgraphs);
});
afterAll(async () => {
  await gateway?.close();
  await shop?.stop();
});

const ask = (query: string, variables?: Record<string, unknown>) =>
  askInParts(gateway.endpoint, { body: { query, variables } });
/** All payloads of an answer. */
const payloadsOf = async (query: string, variables?: Record<string, unknown>) =>
  (await ask(query, variables)).rest();

const REVIEWS = 'fragment Reviews on User { reviews { text } }';

describe('the first part of an answer', () => {
  it('comes while what is deferred is still held back', async () => {
    const gate = shop.holdReviews();
    const answer = await ask(`{ me { name ...Reviews @defer(label: "reviews") } } ${REVIEWS}`);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('multipart/mixed; boundary="-"; deferSpec=20220824');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(await answer.next()).toEqual({ data: { me: { name: 'Ada' } }, hasNext: true });
    await gate.reached;
    gate.open();
    expect(await answer.next()).toEqual({
      incremental: [
        {
          label: 'reviews',
          path: ['me'],
          data: { reviews: [{ text: 'Text 11' }, { text: 'Text 12' }] },
        },
      ],
      hasNext: false,
    });
    expect(await answer.next()).toBeUndefined();
  });

  it('does not share a request with what is deferred', async () => {
    const gate = shop.holdReviews();
    const answer = await ask('{ users { name ... @defer { score } } latest { text } }');
    expect(await answer.next()).toMatchObject({ data: { latest: { text: 'Text 11' } }, hasNext: true });
    gate.open();
    expect(await answer.rest()).toHaveLength(1);
  });

  it('is all when the object of the deferred part is not there', async () => {
    expect(await payloadsOf('{ nobody { ... @defer { name } } }')).toEqual([
      { data: { nobody: null }, hasNext: false },
    ]);
  });
});

describe('what is deferred', () => {
  it('comes in one part for each item of a list', async () => {
    const [, later] = await payloadsOf('{ users { id ... @defer(label: "s") { name } } }');
    expect(later).toEqual({
      incremental: [
        { label: 's', path: ['users', 0], data: { name: 'Ada' } },
        { label: 's', path: ['users', 1], data: { name: 'Ben' } },
      ],
      hasNext: false,
    });
  });

  it('can be deferred again below, and comes after what it is in', async () => {
    const gate = shop.holdStats();
    const query = `{ me { name ... @defer(label: "outer") { reviews { text ... @defer(label: "inner") { likes } } } } }`;
    const answer = await ask(query);
    expect(await answer.next()).toEqual({ data: { me: { name: 'Ada' } }, hasNext: true });
    expect(await answer.next()).toMatchObject({ incremental: [{ label: 'outer' }], hasNext: true });
    await gate.reached;
    gate.open();
    expect(await answer.next()).toEqual({
      incremental: [
        { label: 'inner', path: ['me', 'reviews', 0], data: { likes: 11 } },
        { label: 'inner', path: ['me', 'reviews', 1], data: { likes: 12 } },
      ],
      hasNext: false,
    });
  });

  it('comes when it is there, whatever the order in the operation', async () => {
    const gate = shop.holdStats();
    const answer = await ask(
      '{ nobody { id } ... @defer(label: "slow") { count } ... @defer(label: "fast") { me { name } } }',
    );
    await answer.next();
    expect(await answer.next()).toMatchObject({ incremental: [{ label: 'fast' }], hasNext: true });
    gate.open();
    expect(await answer.next()).toMatchObject({ incremental: [{ label: 'slow' }], hasNext: false });
  });

  it('is null, with its error, when a value is missing that has to be there; the rest stays', async () => {
    const payloads = await payloadsOf('{ users { name ... @defer { score } } }');
    const [ada, ben] = payloads[1]?.incremental ?? [];
    expect(ada).toEqual({ path: ['users', 0], data: { score: 5 } });
    expect(ben).toMatchObject({
      path: ['users', 1],
      data: null,
      errors: [{ message: 'no score', path: ['users', 1, 'score'], extensions: { code: 'TOLD' } }],
    });
    expect(mergeParts(payloads)).toEqual({ users: [{ name: 'Ada', score: 5 }, { name: 'Ben' }] });
  });

  it('has its errors masked, with the id of the request', async () => {
    const payloads = await askInParts(gateway.endpoint, {
      body: { query: '{ users { name ... @defer { rank } } }' },
      headers: { 'x-request-id': 'deferred-1' },
    }).then((answer) => answer.rest());
    expect(payloads[1]?.incremental?.[1]).toMatchObject({
      data: { rank: null },
      errors: [
        {
          message: 'Internal server error',
          extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'deferred-1' },
        },
      ],
    });
    expect(JSON.stringify(payloads)).not.toContain('hunter2');
  });

  it('is of the objects of its type alone', async () => {
    const payloads = await payloadsOf('{ search { id ... on User @defer { name } ... on Shop { name } } }');
    expect(payloads[0]?.data).toEqual({ search: [{ id: '9', name: 'Corner' }, { id: '2' }] });
    expect(payloads[1]?.incremental).toEqual([{ path: ['search', 1], data: { name: 'Ben' } }]);
  });

  it('can stand below a mutation', async () => {
    const payloads = await payloadsOf('mutation { rename(name: "Eve") { name ... @defer { score } } }');
    expect(mergeParts(payloads)).toEqual({ rename: { name: 'Eve', score: 5 } });
    expect(payloads).toHaveLength(2);
  });

  it('waits for the field that it stands below in a mutation, not for another of the same subgraph', async () => {
    const rename = (name: string) => `${name}: rename(name: "${name}") { name ... @defer { score } }`;
    const query = `mutation { ${rename('Eve')} ${rename('Ann')} tick ${rename('Zoe')} }`;
    expect(mergeParts(await payloadsOf(query))).toEqual({
      Eve: { name: 'Eve', score: 5 },
      Ann: { name: 'Ann', score: 5 },
      tick: 8,
      Zoe: { name: 'Zoe', score: 5 },
    });
  });

  it('has the client’s names, where a field is fetched under another', async () => {
    const payloads = await payloadsOf('{ users { email: id ... @defer { id: name name: score rank } } }');
    expect(mergeParts(payloads)).toEqual({
      users: [{ email: '1', id: 'Ada', name: 5, rank: 1 }, { email: '2' }],
    });
    expect(payloads[1]?.incremental?.[1]?.errors?.map(({ path }) => path)).toContainEqual([
      'users',
      1,
      'name',
    ]);
  });

  it('has a part for each place of a fragment that is used more than once', async () => {
    const payloads = await payloadsOf(`{ me { ...F } users { ...F } }
      fragment F on User { id ... @defer(label: "f") { name } }`);
    const paths = payloads.slice(1).flatMap(({ incremental = [] }) => incremental.map(({ path }) => path));
    expect(paths).toHaveLength(3);
    expect(mergeParts(payloads)).toEqual({
      me: { id: '1', name: 'Ada' },
      users: [
        { id: '1', name: 'Ada' },
        { id: '2', name: 'Ben' },
      ],
    });
  });
});

describe('@defer(if:)', () => {
  const QUERY = 'query Q($later: Boolean = true) { me { id ... @defer(if: $later) { name } } }';

  it.each<[string, Record<string, unknown> | undefined, number]>([
    ['true', { later: true }, 2],
    ['left out, and true by default', undefined, 2],
    ['false', { later: false }, 1],
  ])('follows its variable: %s', async (_, variables, payloads) => {
    const answer = await payloadsOf(QUERY, variables);
    expect(answer).toHaveLength(payloads);
    expect(mergeParts(answer)).toEqual({ me: { id: '1', name: 'Ada' } });
  });

  it.each<[string, Record<string, unknown>]>([
    ['null', { later: null }],
    ['no Boolean', { later: 'yes' }],
  ])('is refused when it is %s', async (_, variables) => {
    const [payload] = await payloadsOf(QUERY, variables);
    expect(payload?.data).toBeUndefined();
    expect(payload?.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

describe('a request with @defer', () => {
  const QUERY = '{ me { id ... @defer { name } } }';
  const WHOLE = { data: { me: { id: '1', name: 'Ada' } } };

  it.each(['application/json', '*/*', 'multipart/mixed, application/json'])(
    'is answered as a whole for %s',
    async (accept) => {
      const answer = await askInParts(gateway.endpoint, { body: { query: QUERY }, headers: { accept } });
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
      expect(await answer.rest()).toEqual([WHOLE]);
    },
  );

  it('can be a GET, which another site cannot send for somebody', async () => {
    const search = { query: QUERY };
    const simple = await askInParts(gateway.endpoint, { search });
    expect(simple.status).toBe(400);
    expect((await simple.rest())[0]?.errors?.[0]?.message).toContain('CSRF');
    const answer = await askInParts(gateway.endpoint, {
      search,
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(await answer.rest()).toHaveLength(2);
  });

  it('can be persisted', async () => {
    const sha256Hash = createHash('sha256').update(QUERY).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const first = await askInParts(gateway.endpoint, { body: { extensions } });
    expect((await first.rest())[0]?.errors?.[0]?.extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');
    for (const body of [{ query: QUERY, extensions }, { extensions }]) {
      const answer = await askInParts(gateway.endpoint, { body });
      expect(await answer.rest()).toHaveLength(2);
    }
  });

  it.each<[string, string]>([
    ['two labels that are alike', '{ me { ... @defer(label: "a") { id } ... @defer(label: "a") { name } } }'],
    ['a label in a variable', 'query Q($l: String) { me { ... @defer(label: $l) { id } } }'],
    ['fields of a mutation', 'mutation { ... @defer { rename(name: "A") { id } } }'],
  ])('is not valid with %s', async (_, query) => {
    const [payload] = await payloadsOf(query);
    expect(payload?.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('ends the requests to subgraphs when its client goes away', async () => {
    const gate = shop.holdReviews();
    const answer = await ask('{ me { name ... @defer { score } } }');
    await answer.next();
    await gate.reached;
    const ended = once(shop.reviewsSockets, 'close');
    answer.abort();
    await ended;
    gate.open();
  });

  it('is counted once, at the end of its last part', async () => {
    const count = async () => {
      const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
      const lines = metrics.split('\n').filter((line) => /operation.*_count\{.*query.*ok/.test(line));
      return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    };
    const before = await count();
    await payloadsOf(QUERY);
    expect(await count()).toBe(before + 1);
  });
});

it('is in the schema that clients see, and not with EXECUTOR=apollo', async () => {
  const apollo = await startTestGateway(shop.subgraphs, { EXECUTOR: 'apollo' });
  try {
    const query = '{ __schema { directives { name } } }';
    const [ours, theirs] = await Promise.all([gateway.query({ query }), apollo.query({ query })]);
    expect(JSON.stringify(ours.data)).toContain('"defer"');
    expect(JSON.stringify(theirs.data)).not.toContain('"defer"');
    const refused = await apollo.query({
      query: '{ me { ... @defer { name } } }',
      headers: { accept: ACCEPT_PARTS },
    });
    expect(refused.errors?.[0]?.extensions?.code).toBe('GRAPHQL_VALIDATION_FAILED');
  } finally {
    await apollo.close();
  }
});

it('goes through the plugins of who starts the gateway', async () => {
  const seen: string[] = [];
  const plugin = {
    requestDidStart: async () => ({
      willSendResponse: async ({ response }: { response: { body: { kind: string } } }) =>
        void seen.push(response.body.kind),
    }),
  };
  const plugged = await startTestGateway(shop.subgraphs, {}, { plugins: [plugin] });
  try {
    const answer = await askInParts(plugged.endpoint, { body: { query: '{ me { ... @defer { name } } }' } });
    expect(await answer.rest()).toHaveLength(2);
    expect(seen).toEqual(['incremental']);
  } finally {
    await plugged.close();
  }
});
