import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { graphql, identityHeaders, serviceHeaders, someViewer } from '@tributary/testing';
import { openLibrary } from './support/library.ts';

type Library = Awaited<ReturnType<typeof openLibrary>>;

let library: Library;
let production: Library;
let unsecured: Library;
beforeAll(async () => {
  library = await openLibrary();
  production = await openLibrary({ NODE_ENV: 'production' });
  unsecured = await openLibrary({ NODE_ENV: 'development', secret: null });
});
afterAll(() => Promise.all([library, production, unsecured].map(({ close }) => close())));

const ask = async ({ url }: Library, query: string, headers: Record<string, string> = {}) => {
  const { status, data, errors, extensions } = await graphql<unknown>(url, { query, headers });
  return { status, data, errors, extensions };
};

const BOOK = '_entities(representations: [{ __typename: "Book", id: "1" }]) { ... on Book { title } }';
const SERVICE = '_service { sdl }';
const refused = (field: string) => ({
  status: 403,
  errors: [
    {
      message: `\`${field}\` is for the gateway: the request is not signed.`,
      extensions: { code: 'FORBIDDEN' },
    },
  ],
});

describe('without a signature', () => {
  it.each([
    ['_entities', `{ ${BOOK} }`],
    ['_service', `{ ${SERVICE} }`],
    ['_service', `{ plain it: ${SERVICE} }`],
    ['_service', `{ ... { ... on Query { ${SERVICE} } } }`],
    ['_entities', `{ ...A } fragment A on Query { plain ...B } fragment B on Query { ${BOOK} }`],
    ['_entities', `query ($no: Boolean = false) { ${BOOK.replace(') {', ') @include(if: $no) {')} }`],
    ['_service', `{ plain @skip(if: true) ...A ...A } fragment A on Query { ${SERVICE} }`],
  ])('%s is refused: %s', async (field, query) => {
    expect(await ask(library, query)).toEqual(refused(field));
    expect(await ask(library, query)).toEqual(refused(field)); // its document is known by now
  });

  it('all else is answered, such as fields of these names further down', async () => {
    const query = '{ plain _service: plain __typename __schema { __typename } }';
    expect(await ask(library, query)).toEqual({
      status: 200,
      data: { plain: 1, _service: 1, __typename: 'Query', __schema: { __typename: '__Schema' } },
    });
  });

  it('an operation is judged by its own fields, not by those of others in the document', async () => {
    const query = `query A { plain } query B { ${SERVICE} }`;
    const send = async (operationName: string) => {
      const response = await fetch(library.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, operationName }),
      });
      return response.status;
    };
    expect([await send('A'), await send('B')]).toEqual([200, 403]);
  });

  it('they are open where there is no secret, for rover and others', async () => {
    const { data, errors } = await ask(unsecured, `{ ${BOOK} ${SERVICE} __schema { __typename } }`);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      _entities: [{ title: 'Emma' }],
      _service: { sdl: expect.stringContaining('type Book') },
    });
  });
});

describe('with a signature', () => {
  it.each([
    ['the gateway', () => identityHeaders(null)],
    ['the gateway, for somebody', () => identityHeaders(someViewer('CUSTOMER'))],
    ['a service', () => serviceHeaders('orders')],
  ])('of %s, everything is answered', async (_who, headers) => {
    for (const subgraph of [library, production]) {
      const { data, errors } = await ask(
        subgraph,
        `{ ${BOOK} ${SERVICE} __schema { __typename } }`,
        await headers(),
      );
      expect(errors).toBeUndefined();
      expect(data).toMatchObject({ _entities: [{ title: 'Emma' }] });
    }
  });
});

describe('in production', () => {
  it.each(['__schema { types { name } }', '__type(name: "Book") { name }'])(
    'nobody learns of the schema without a signature: %s',
    async (field) => {
      expect(await ask(production, `{ ${field} }`)).toEqual(refused(field.split(/[ (]/)[0] as string));
    },
  );

  it('suggests no names; elsewhere it does', async () => {
    const query = '{ book { titel } }';
    expect((await ask(library, query)).errors?.[0]?.message).toContain('Did you mean "title"?');
    expect((await ask(production, query)).errors?.[0]?.message).toBe(
      'Cannot query field "titel" on type "Book".',
    );
  });

  it('has no page', async () => {
    const { status, headers } = await fetch(production.url, { headers: { accept: 'text/html' } });
    expect([status, headers.get('content-type')]).toEqual([400, expect.not.stringContaining('html')]);
  });
});

describe('tracing (ftv1)', () => {
  const traced = { 'apollo-federation-include-trace': 'ftv1' };

  it('is for signed requests, or where there is no secret', async () => {
    const signed = { ...(await identityHeaders(null)), ...traced };
    expect((await ask(library, '{ plain }', signed)).extensions).toEqual({ ftv1: expect.any(String) });
    expect((await ask(unsecured, '{ plain }', traced)).extensions).toEqual({ ftv1: expect.any(String) });
    expect((await ask(library, '{ plain }', traced)).extensions).toBeUndefined();
  });

  it('tells no messages of errors', async () => {
    const signed = { ...(await identityHeaders(null)), ...traced };
    const { extensions } = await ask(library, '{ failing }', signed);
    expect(Buffer.from(String(extensions?.ftv1), 'base64').toString('latin1')).not.toContain('broken');
  });
});
