import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Done, forum, type Guarded, guard } from './support/forum.ts';

const done: Done = [];
let guarded: Guarded;
beforeAll(async () => {
  guarded = await guard(forum(done));
});
afterAll(() => guarded?.stop());
beforeEach(() => {
  done.length = 0;
  guarded.fetches();
});

/** Asks twice, as a second request is answered another way; both have to say the same. */
async function ask(query: string, scopes: readonly string[] | null, variables = {}) {
  const headers = scopes ? await guarded.bearer(...scopes) : {};
  const answers = [];
  for (let i = 0; i < 2; i++) {
    const { status, data, errors = [] } = await guarded.gateway.query({ query, variables, headers });
    const codes = [...new Set(errors.map(({ extensions }) => extensions?.code))];
    const denied = errors.map(({ extensions }) => extensions?.affectedPath);
    answers.push({
      status,
      data,
      denied,
      codes,
      paths: errors.map(({ path }) => path),
      fetches: guarded.fetches(),
    });
  }
  expect(answers[1]).toEqual(answers[0]);
  const [answer] = answers;
  if (!answer) throw new Error('there is no answer');
  expect(answer.status).toBe(200);
  expect(answer.codes).toEqual(answer.denied.length > 0 ? ['UNAUTHORIZED_FIELD_OR_TYPE'] : []);
  return answer;
}

describe('a field that is not for who asks', () => {
  it.each<[string, string, unknown, string[], Record<string, number>]>([
    [
      'of the root',
      '{ me { name } user { name } }',
      { me: null, user: { name: 'Ada' } },
      ['me'],
      { users: 1 },
    ],
    [
      'of an object',
      '{ user { name email } }',
      { user: { name: 'Ada', email: null } },
      ['user.email'],
      { users: 1 },
    ],
    ['that is a key', '{ user { name id } }', { user: null }, ['user.id'], { users: 1 }],
    ['that must be there', '{ user { name phone } }', { user: null }, ['user.phone'], { users: 1 }],
    ['in a field that must be there', '{ strict { name phone } }', null, ['strict.phone'], { users: 1 }],
    [
      'in a list',
      '{ users { name email } }',
      { users: [{ name: 'Ada', email: null }] },
      ['users.@.email'],
      { users: 1 },
    ],
    [
      'in a list of lists',
      '{ groups { name phone } }',
      { groups: [[null, null]] },
      ['groups.@.@.phone'],
      { users: 1 },
    ],
    [
      'of a protected type',
      '{ user { name address { street } } }',
      { user: { name: 'Ada', address: null } },
      ['user.address'],
      { users: 1 },
    ],
    [
      'of a protected enum',
      '{ user { name rank } }',
      { user: { name: 'Ada', rank: null } },
      ['user.rank'],
      { users: 1 },
    ],
    [
      'of a protected scalar',
      '{ user { name code } }',
      { user: { name: 'Ada', code: null } },
      ['user.code'],
      { users: 1 },
    ],
    [
      'under an alias',
      '{ u: user { name e: email } }',
      { u: { name: 'Ada', e: null } },
      ['u.e'],
      { users: 1 },
    ],
    [
      'in a fragment',
      '{ user { ...F } } fragment F on User { name email }',
      { user: { name: 'Ada', email: null } },
      ['user.email'],
      { users: 1 },
    ],
    [
      'in an inline fragment',
      '{ user { ... { email } name } }',
      { user: { email: null, name: 'Ada' } },
      ['user.email'],
      { users: 1 },
    ],
    [
      'as its type’s name',
      '{ user { name address { __typename } } }',
      { user: { name: 'Ada', address: null } },
      ['user.address'],
      { users: 1 },
    ],
    [
      'at another subgraph',
      '{ user { name drafts { title } } }',
      { user: { name: 'Ada', drafts: null } },
      ['user.drafts'],
      { users: 1 },
    ],
    [
      'and another is, at another subgraph',
      '{ user { email posts { title } } }',
      { user: { email: null, posts: [{ title: 'Hello' }] } },
      ['user.email'],
      { users: 1, posts: 1 },
    ],
    [
      'twice',
      '{ user { name email } other: user { email name } }',
      { user: { name: 'Ada', email: null }, other: { email: null, name: 'Ada' } },
      ['user.email', 'other.email'],
      { users: 1 },
    ],
    [
      'asked for twice',
      '{ user { name } user { email } }',
      { user: { name: 'Ada', email: null } },
      ['user.email'],
      { users: 1 },
    ],
    ['and nothing else is asked for', '{ user { email } }', { user: null }, ['user.email'], {}],
    [
      'and nothing else is asked for further down',
      '{ user { drafts { title } address { street } } }',
      { user: null },
      ['user.drafts', 'user.address'],
      {},
    ],
    [
      'beside the name of the root’s type',
      '{ __typename me { name } }',
      { __typename: 'Query', me: null },
      ['me'],
      {},
    ],
  ])('is null, is not fetched, and has an error: one %s', async (_, query, data, denied, fetches) => {
    const answer = await ask(query, null);
    expect(answer).toMatchObject({ denied, fetches });
    expect(answer.data).toEqual(data);
  });

  it('has the path of its place, up to the first list', async () => {
    const { paths } = await ask('{ user { email } users { a: email } groups { email } }', null);
    expect(paths).toEqual([['user', 'email'], ['users'], ['groups']]);
  });

  it.each<[string[] | null, boolean]>([
    [null, false],
    [[], false],
    [['email'], false],
    [['email', 'stats'], false],
    [['email', 'personal'], true],
    [['admin'], true],
    [['admin', 'other'], true],
  ])('takes all scopes of one list: %p', async (scopes, isGiven) => {
    const { data } = await ask('{ user { name email } }', scopes);
    expect(data).toEqual({ user: { name: 'Ada', email: isGiven ? 'ada@example.com' : null } });
  });

  it('is there for who may have it', async () => {
    const query = '{ me { name email phone rank code address { street } drafts { secret } } }';
    expect(await ask(query, ['admin', 'staff'])).toMatchObject({
      data: {
        me: {
          name: 'Ada',
          email: 'ada@example.com',
          phone: '555',
          rank: 'HIGH',
          code: 'c1',
          address: { street: 'Main Street' },
          drafts: [{ secret: 's' }],
        },
      },
      denied: [],
    });
  });

  it('is used all the same where @key or @requires needs it', async () => {
    expect(await ask('{ user { greeting posts { author { name } } } }', null)).toMatchObject({
      data: { user: { greeting: 'Hello Ada', posts: [{ author: { name: 'Ada' } }] } },
      denied: [],
    });
  });

  it('is neither missed nor told of where a variable leaves it out', async () => {
    const query = `query ($email: Boolean!, $name: Boolean!) {
      user { email @include(if: $email) name @include(if: $name) }
      inner: user { ... @include(if: $email) { email } }
    }`;
    const askWith = (email: boolean, name: boolean) => ask(query, null, { email, name });
    const left = await askWith(false, false);
    expect(left.data).toEqual({ user: {}, inner: {} });
    expect(left.denied).toEqual([]);
    expect(await askWith(true, false)).toMatchObject({
      data: { user: { email: null }, inner: { email: null } },
      denied: ['user.email', 'inner.email'],
    });
    expect(await askWith(false, true)).toMatchObject({
      data: { user: { name: 'Ada' }, inner: {} },
      denied: [],
    });
  });
});

describe('a mutation', () => {
  it('is not sent when its field is not for who asks, or nothing of what it gives', async () => {
    expect(await ask('mutation { erase audit { lines } }', ['staff'])).toMatchObject({
      data: { erase: null, audit: null },
      denied: ['erase', 'audit.lines'],
      fetches: {},
    });
    expect(done).toEqual([]);
    await ask('mutation { rename { name email } erase }', []);
    expect(done).toEqual(['rename', 'rename']);
    done.length = 0;
    expect(await ask('mutation { erase }', ['admin'])).toMatchObject({ data: { erase: true }, denied: [] });
    expect(done).toEqual(['erase', 'erase']);
  });
});

describe('where there can be objects of several types', () => {
  const OPEN = { title: 'Hello' };
  it.each<[string, string, unknown, string[]]>([
    [
      'a field of all takes what each of them takes',
      '{ posts { __typename title } }',
      {
        posts: [
          { __typename: 'Public', title: null },
          { __typename: 'Private', title: null },
        ],
      },
      ['posts.@.title'],
    ],
    [
      'nothing is fetched where only such fields are asked for',
      '{ posts { title views } }',
      { posts: null },
      ['posts.@.title', 'posts.@.views'],
    ],
    [
      'a type that is for all can be asked for',
      '{ posts { ... on Public { title } } }',
      { posts: [OPEN, {}] },
      [],
    ],
    [
      'one that is not is left out',
      '{ posts { ... on Public { title } ... on Private { title __typename } } }',
      { posts: [OPEN, null] },
      ['posts.@.title', 'posts.@.__typename'],
    ],
    [
      'a field that is for all of one type is there for it',
      '{ posts { title ... on Public { title } } }',
      { posts: [OPEN, { title: null }] },
      ['posts.@.title'],
    ],
    [
      'the types of a union are told apart as well',
      '{ found { __typename ... on Public { title } ... on Private { title } } }',
      {
        found: [
          { __typename: 'Public', title: 'Hello' },
          { __typename: 'Private', title: null },
        ],
      },
      ['found.@.title'],
    ],
    [
      'fragments in fragments count',
      '{ found { ... on Post { ... on Private { secret } } ... on Public { title } } }',
      { found: [OPEN, { secret: null }] },
      ['found.@.secret'],
    ],
    [
      'what is under a denied field is null where another way leads to it',
      '{ posts { author { name } ... on Public { author { a: name } } } }',
      { posts: [{ author: { a: 'Ada', name: null } }, { author: null }] },
      ['posts.@.author'],
    ],
  ])('%s', async (_, query, data, denied) => {
    const answer = await ask(query, null);
    expect(answer.denied).toEqual(denied);
    expect(answer.data).toEqual(data);
  });

  it('a field that one type protects takes that, even of an object of another type', async () => {
    const query = '{ post { __typename views } }';
    expect(await ask(query, [])).toMatchObject({ data: { post: { views: null } }, denied: ['post.views'] });
    expect(await ask(query, ['stats'])).toMatchObject({ data: { post: { views: 8 } }, denied: [] });
  });
});

it('leaves introspection to its own setting', async () => {
  const query = '{ __type(name: "Private") { fields { name } } me { name } }';
  const { data, denied } = await ask(query, null);
  expect(data).toEqual({ __type: { fields: expect.arrayContaining([{ name: 'secret' }]) }, me: null });
  expect(denied).toEqual(['me']);
  const { data: schema } = await ask('{ __schema { directives { name } types { name } } }', null);
  expect(JSON.stringify(schema)).not.toMatch(/authenticated|requiresScopes|policy/i);
});
