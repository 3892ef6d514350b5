import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LIMITS, openLibrary } from './support/library.ts';

let library: Awaited<ReturnType<typeof openLibrary>>;
beforeAll(async () => {
  library = await openLibrary();
});
afterAll(() => library.close());

const JSON_TYPE = { 'content-type': 'application/json' };

const post = async (body: string, headers: Record<string, string> = JSON_TYPE) => {
  const response = await fetch(library.url, { method: 'POST', headers, body });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
};
const ask = (query: string) => post(JSON.stringify({ query }));

/** A refusal: JSON in the shape of a GraphQL response, and nothing of the program. */
const refusal = (status: number, code: string) => ({
  status,
  type: expect.stringMatching(/^application\/json/),
  text: expect.stringMatching(new RegExp(`^(?!.*(stack|\\.ts|node_modules)).*"code":"${code}"`, 's')),
});

const nested = (levels: number) => '{ book '.repeat(levels) + '}'.repeat(levels);

describe('a request that is no operation', () => {
  it.each([
    ['broken JSON', '{"query": '],
    ['nothing', ''],
    ['a poisoned object', '{"query":"{ plain }","variables":{"__proto__":{"a":1}}}'],
  ])('%s', async (_case, body) => {
    expect(await post(body)).toEqual(refusal(400, 'BAD_REQUEST'));
  });

  it('is too large', async () => {
    expect(await ask(`{ plain } #${'x'.repeat(10_000)}`)).toEqual(refusal(413, 'PAYLOAD_TOO_LARGE'));
  });

  it.each(['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'is a form: %s',
    async (type) => {
      expect(await post('query={plain}', { 'content-type': type })).toEqual(
        refusal(415, 'UNSUPPORTED_MEDIA_TYPE'),
      );
    },
  );

  it('could come from a page of another site', async () => {
    const response = await fetch(`${library.url}?query={plain}`);
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('CSRF')]);
    const text = await post('{"query":"{ plain }"}', { 'content-type': 'text/plain' });
    expect(text.status).toBe(400);
  });

  it('is several', async () => {
    expect(await post('[{"query":"{ plain }"},{"query":"{ plain }"}]')).toEqual(refusal(400, 'BAD_REQUEST'));
  });

  it('would change something by GET', async () => {
    const headers = { 'apollo-require-preflight': '1' };
    const response = await fetch(`${library.url}?query=mutation{write{title}}`, { headers });
    expect(response.status).toBe(405);
  });
});

describe('a document', () => {
  it('has at most so many tokens', async () => {
    const few = Array.from({ length: LIMITS.maxTokens / 3 - 1 }, (_, n) => `a${n}:plain`).join(' ');
    expect(await ask(`{ ${few} }`)).toMatchObject({ status: 200 });
    expect(await ask(`{ ${few} ${few} }`)).toEqual(refusal(400, 'GRAPHQL_PARSE_FAILED'));
  });

  it('is nested so deep at most', async () => {
    // These are not deep enough to be refused; what is asked for is not there.
    expect(await ask(nested(LIMITS.maxDepth))).toEqual(refusal(400, 'GRAPHQL_VALIDATION_FAILED'));
    expect(await ask(nested(LIMITS.maxDepth + 1))).toEqual(refusal(400, 'DOCUMENT_TOO_DEEP'));
    expect(await ask('{ book(of: '.concat('['.repeat(1_000)))).toEqual(refusal(400, 'DOCUMENT_TOO_DEEP'));
  });

  it('may have brackets in its texts and comments', async () => {
    const many = '{'.repeat(100);
    const texts = [
      `{ plain } # ${many}`,
      `{ reads(what: "${many}") }`,
      `{ reads(what: "\\"${many}") }`,
      `{ reads(what: """${many} \\""" " ${many}""") }`,
    ];
    for (const query of texts) expect(await ask(query)).toMatchObject({ status: 200 });
  });

  it.each([`{ plain } # \n${nested(30)}`, `{ reads(what: "${'\n'}${nested(30)}`, `"""x""" ${nested(30)}`])(
    'hides no depth behind them: %s',
    async (query) => {
      expect(await ask(query)).toEqual(refusal(400, 'DOCUMENT_TOO_DEEP'));
    },
  );
});
