import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSocket } from '../subscriptions/support/socket.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { startAuthors } from '../support/library.ts';
import { PREFLIGHT, type RawRequest, sendRaw } from '../support/raw-request.ts';
import type { TestSubgraph } from '../support/subgraph.ts';

let authors: TestSubgraph;
let gateway: TestGateway;
beforeAll(async () => {
  authors = await startAuthors();
  gateway = await startTestGateway([authors]);
});
afterAll(async () => {
  await gateway?.close();
  await authors?.stop();
});

interface Request {
  query: string;
  operationName?: string | null;
}

const RESPONSE = 'application/graphql-response+json';
const CODE = 'OPERATION_RESOLUTION_FAILURE';
const UNKNOWN = (name: string) => `Unknown operation named "${name}".`;
const UNNAMED = 'Must provide operation name if query contains multiple operations.';

const post = (body: Request): RawRequest => ({ body });
const get = (search: Request): RawRequest => ({ search: { ...search }, headers: PREFLIGHT });

/** Status and what is said, for a client that knows the newer media type or one that does not. */
async function answerOf({ headers, ...request }: RawRequest, accept = RESPONSE) {
  const { status, text } = await sendRaw(gateway.endpoint, { ...request, headers: { ...headers, accept } });
  const { data, errors = [] } = JSON.parse(text);
  const told = errors.map(({ message, extensions: { code } }: Told) => ({ message, code }));
  return { status, data, errors: told };
}

interface Told {
  message: string;
  extensions: { code: string };
}

const refusal = (status: number, message: string) => ({
  status,
  data: undefined,
  errors: [{ message, code: CODE }],
});

let texts = 0;
/** Two operations in a text that the gateway has not seen. */
const newText = () => `query One { author { name } } query Two { author { id } } # ${texts++}`;
/** The same, of which both have been compiled. */
async function compiledText(): Promise<string> {
  const query = newText();
  for (const operationName of ['One', 'Two'])
    expect(await answerOf(post({ query, operationName }))).toMatchObject({ status: 200, errors: [] });
  return query;
}

const WRONG: [string, Omit<Request, 'query'>, string][] = [
  ['a name that no operation has', { operationName: 'Three' }, UNKNOWN('Three')],
  ['an empty name', { operationName: '' }, UNKNOWN('')],
  ['no name', {}, UNNAMED],
];

describe.each([
  ['a new document', async () => newText()],
  ['one that was compiled before', compiledText],
])('in %s of two operations', (_, textOf) => {
  describe.each(WRONG)('%s', (_, name, message) => {
    it('is refused to a POST and to a GET', async () => {
      for (const request of [post, get]) {
        const query = await textOf();
        for (let times = 0; times < 2; times++)
          expect(await answerOf(request({ query, ...name }))).toEqual(refusal(400, message));
        expect(await answerOf(request({ query, ...name }), 'application/json')).toEqual(
          refusal(200, message),
        );
        expect((await answerOf(request({ query, operationName: 'Two' }))).errors).toEqual([]);
      }
    });

    it('is refused over a WebSocket', async () => {
      const socket = await openSocket(gateway.endpoint);
      await socket.init();
      const query = await textOf();
      socket.send({ id: 'wrong', type: 'subscribe', payload: { query, ...name } });
      expect(await socket.receive()).toMatchObject({
        id: 'wrong',
        type: 'error',
        payload: [{ message, extensions: { code: CODE } }],
      });
      socket.send({ id: 'right', type: 'subscribe', payload: { query, operationName: 'One' } });
      expect(await socket.receive()).toMatchObject({ id: 'right', payload: { data: { author: {} } } });
      await socket.close();
    });
  });
});

describe('a wrong name', () => {
  it('is refused where there is one operation', async () => {
    for (const query of ['{ author { name } }', 'query Only { author { name } }']) {
      expect((await answerOf(post({ query, operationName: null }))).errors).toEqual([]);
      for (const operationName of ['', 'Other'])
        for (const request of [post, get])
          expect(await answerOf(request({ query, operationName }))).toEqual(
            refusal(400, UNKNOWN(operationName)),
          );
    }
  });

  it('is refused where fields are deferred', async () => {
    const query = 'query Deferring { author { id ... @defer { name } } }';
    expect(await answerOf(post({ query, operationName: 'Other' }))).toEqual(refusal(400, UNKNOWN('Other')));
    const parts = 'multipart/mixed;deferSpec=20220824, application/json';
    expect(await answerOf(post({ query, operationName: 'Other' }), parts)).toEqual(
      refusal(200, UNKNOWN('Other')),
    );
  });
});

describe('an operation’s name', () => {
  it('is told from a text that begins like it', async () => {
    const query = await compiledText();
    for (const start of ['One\n', '3:One\n', '@\n3:One\n', '\n3:One\n'])
      for (const request of [post, get])
        expect(await answerOf(request({ query: `${start}${query}` }))).toMatchObject({
          status: 400,
          errors: [{ code: 'GRAPHQL_PARSE_FAILED' }],
        });
  });
});
