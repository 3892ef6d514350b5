import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, graphql, identityHeaders, serviceHeaders, someViewer } from '@tributary/testing';
import { openLibrary } from './support/library.ts';

let library: Awaited<ReturnType<typeof openLibrary>>;
beforeAll(async () => {
  library = await openLibrary();
});
afterAll(() => library.close());

const ask = async (query: string, headers?: Record<string, string>): Promise<Answer<unknown>> =>
  graphql(library.url, { query, headers: headers ?? (await identityHeaders(null)) });
const headerOf = ({ headers }: Answer<unknown>) => headers.get('cache-control');
const customer = () => identityHeaders(someViewer('CUSTOMER'));
const staff = () => identityHeaders(someViewer('STAFF'));
const entities = (...ids: string[]) => ids.map((id) => `{ __typename: "Book", id: "${id}" }`).join(', ');

describe('how long an answer may be kept', () => {
  it.each([
    ['as its type says', '{ book { title } }', 'max-age=300, public'],
    ['as the strictest part says', '{ book { title } short }', 'max-age=10, public'],
    [
      'with an object that has no hint of its own but inherits',
      '{ book { shelf { name } } }',
      'max-age=300, public',
    ],
    ['not at all, with an object that has none', '{ book { title box { name } } }', 'no-store'],
    ['not at all, with a root field that has none', '{ plain book { title } }', 'no-store'],
    [
      'an entity, as its type says',
      `{ _entities(representations: [${entities('1')}]) { ... on Book { title } } }`,
      'max-age=300, public',
    ],
    [
      'not at all, an entity that has no hint, whatever is asked for in one list with it',
      `{ _entities(representations: [${entities('1')}, { __typename: "Box", name: "B" }]) {
        ... on Book { title } ... on Box { name } } }`,
      'no-store',
    ],
    ['what is missing, if it is for everybody', '{ book(of: "0") { title } }', 'max-age=300, public'],
    ['not a failure', '{ book { title } failing }', 'no-store'],
    ['not what cannot be asked', '{ nothing }', 'no-store'],
    ['not a mutation', 'mutation { write { title } }', 'no-store'],
    ['not the schema', '{ _service { sdl } }', 'no-store'],
  ])('%s', async (_case, query, header) => {
    expect(headerOf(await ask(query))).toBe(header);
  });
});

describe('for whom an answer may be kept', () => {
  const read = (what: string) => `{ reads(what: "${what}") }`;

  it.each(['nothing', 'presence', 'role', 'scopes'])(
    'for everybody of the same rights, after reading %s',
    async (what) => {
      for (const headers of [await customer(), await staff(), await identityHeaders(null)])
        expect(headerOf(await ask(read(what), headers))).toBe('max-age=60, public');
    },
  );

  it.each([
    'userId',
    'viewerJson',
    'viewerCopy',
    'subject',
    'absent',
    'address',
    'cookie',
    'own',
    'afterCopy',
  ])('for who asked, after reading %s, whatever the hint says', async (what) => {
    expect(headerOf(await ask(read(what), await customer()))).toBe('max-age=60, private');
  });

  it('makes a whole answer private by one part of it', async () => {
    expect(headerOf(await ask(`{ book { title } ${read('userId').slice(1)}`, await customer()))).toBe(
      'max-age=60, private',
    );
  });

  it('for nobody, when staff read what has to be noted', async () => {
    expect(headerOf(await ask(read('foreign'), await staff()))).toBe('no-store');
    // A customer reads nothing, and is told so: for them alone.
    expect(headerOf(await ask(read('foreign'), await customer()))).toBe('max-age=60, private');
  });

  it('for nobody, when a resolver says so', async () => {
    expect(headerOf(await ask(read('refused')))).toBe('no-store');
  });

  it('for nobody, when a service asks by itself', async () => {
    expect(headerOf(await ask('{ book { title } }', await serviceHeaders('orders')))).toBe('no-store');
  });

  it('for nobody, when something private is missing: nothing tells when it is there', async () => {
    expect(headerOf(await ask('{ card { id } }', await customer()))).toBe('max-age=60, private');
    expect(headerOf(await ask('{ card { id } }'))).toBe('no-store');
    const query = `{ _entities(representations: [${entities('1', '0')}]) { __typename } reads(what: "userId") }`;
    expect(headerOf(await ask(query, await customer()))).toBe('no-store');
  });
});

describe('tags that no schema can say', () => {
  it('are named for root fields', async () => {
    expect((await ask('{ book { stock } }')).extensions).toEqual({ apolloCacheTags: ['stock'] });
    expect((await ask('{ book { title } }')).extensions).toBeUndefined();
  });

  it('are named for each entity', async () => {
    const query = `{ _entities(representations: [${entities('1', '2')}]) { ... on Book { stock } } }`;
    expect((await ask(query)).extensions).toEqual({ apolloEntityCacheTags: [['stock'], ['stock']] });
  });

  it('are not named for what nobody keeps', async () => {
    expect((await ask('{ book { stock box { name } } }')).extensions).toBeUndefined();
  });
});
