import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ACCEPT_PARTS, askInParts, mergeParts } from '../support/parts.ts';
import { type Done, forum, type Guarded, guard, LINK } from './support/forum.ts';

const opened: Guarded[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.stop();
});

async function start(...args: Parameters<typeof guard>): Promise<Guarded> {
  const guarded = await guard(...args);
  opened.push(guarded);
  return guarded;
}

const yaml = (text: string) => ({ files: { 'gateway.yaml': text } });

/** The whole answer as it was sent, but for what is of each request. */
async function sent(guarded: Guarded, request: RequestInit & { search?: string }) {
  const { search = '', headers, ...init } = request;
  const response = await fetch(`${guarded.gateway.endpoint}${search}`, {
    ...init,
    headers: { 'content-type': 'application/json', 'x-request-id': 'the-same', ...headers },
  });
  const { date: _, ...answered } = Object.fromEntries(response.headers);
  return { status: response.status, headers: answered, body: await response.json() };
}

const post = (query: string, variables = {}) => ({
  method: 'POST',
  body: JSON.stringify({ query, variables }),
});

const refusal = (path: string[], affectedPath: string) => ({
  message: 'Unauthorized field or type',
  path,
  extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', affectedPath },
});

describe('the mode `reject`', () => {
  it('refuses an operation for what is not for who asks, the first time and later', async () => {
    const done: Done = [];
    const guarded = await start(forum(done), yaml('authorization: { mode: reject }'));
    const query = 'mutation { rename { name email phone } erase }';
    const answers = [await sent(guarded, post(query)), await sent(guarded, post(query))];
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ status: 403, headers: { 'cache-control': 'no-store' } });
    expect(answers[0]?.body).toEqual({
      errors: [
        refusal(['rename', 'email'], 'rename.email'),
        refusal(['rename', 'phone'], 'rename.phone'),
        refusal(['erase'], 'erase'),
      ],
    });
    expect([done, guarded.fetches()]).toEqual([[], {}]);
  });

  it('runs it where a variable leaves that out', async () => {
    const guarded = await start(forum(), yaml('authorization: { mode: reject }'));
    const query = 'query ($whole: Boolean!) { user { name email @include(if: $whole) } }';
    for (let i = 0; i < 2; i++) {
      expect(await sent(guarded, post(query, { whole: false }))).toMatchObject({
        status: 200,
        body: { data: { user: { name: 'Ada' } } },
      });
      expect(await sent(guarded, post(query, { whole: true }))).toMatchObject({ status: 403 });
    }
  });

  it('is named in a message when it is none', async () => {
    await expect(start(forum(), yaml('authorization: { mode: allow }'))).rejects.toThrow(
      /gateway\.yaml:1:24 authorization\.mode: must be `filter` or `reject`/,
    );
  });
});

describe('the mode `filter`', () => {
  it('answers alike what is new and what was compiled before, byte for byte, also a GET', async () => {
    const guarded = await start(forum());
    const request = post('{ users { name email } me { name } }');
    const answers = [await sent(guarded, request), await sent(guarded, request)];
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[0]?.body).toEqual({
      errors: [refusal(['users'], 'users.@.email'), refusal(['me'], 'me')],
      data: { users: [{ name: 'Ada', email: null }], me: null },
    });
    expect(answers[0]?.headers['cache-control']).toBe('no-store');
    const search = `?query=${encodeURIComponent('{ users { name email } me { name } }')}`;
    const headers = { 'apollo-require-preflight': '1' };
    expect((await sent(guarded, { search, headers })).body).toEqual(answers[0]?.body);
  });

  it('holds for persisted queries', async () => {
    const guarded = await start(forum());
    const query = '{ user { name email } }';
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const ask = async (body: object, scopes?: string[]) =>
      sent(guarded, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: scopes ? await guarded.bearer(...scopes) : {},
      });
    const [less, all] = [null, 'ada@example.com'].map((email) => ({
      data: { user: { name: 'Ada', email } },
    }));
    expect((await ask({ query, extensions }, ['admin'])).body).toEqual(all);
    expect((await ask({ extensions })).body).toMatchObject(less ?? {});
    expect((await ask({ extensions }, ['admin'])).body).toEqual(all);
    expect((await ask({ extensions })).body).toMatchObject(less ?? {});
  });

  it('leaves out of deferred parts what is not for who asks, and fetches nothing for it', async () => {
    const guarded = await start(forum());
    const query = `{ user { name ... @defer { email posts { title } } ... @defer { drafts { secret } } } }`;
    for (let i = 0; i < 2; i++) {
      const answer = await askInParts(guarded.gateway.endpoint, { body: { query } });
      expect(answer.headers['content-type']).toContain('multipart/mixed');
      const payloads = await answer.rest();
      expect(mergeParts(payloads)).toEqual({
        user: { name: 'Ada', email: null, posts: [{ title: 'Hello' }], drafts: null },
      });
      expect(payloads[0]?.errors?.map(({ extensions }) => extensions.affectedPath)).toEqual([
        'user.email',
        'user.drafts',
      ]);
      expect(guarded.fetches()).toEqual({ users: 1, posts: 1 });
    }
    const answer = await askInParts(guarded.gateway.endpoint, {
      body: { query },
      headers: { accept: ACCEPT_PARTS, ...(await guarded.bearer('admin')) },
    });
    const whole = await answer.rest();
    expect(whole.flatMap(({ errors }) => errors ?? [])).toEqual([]);
    expect(mergeParts(whole)).toMatchObject({
      user: { email: 'ada@example.com', drafts: [{ secret: 's' }] },
    });
  });

  it('asks for what a new supergraph asks for, as soon as it is there', async () => {
    const open = `${LINK} type Query { a: Int b: Int c: Int @authenticated }`;
    const resolvers = { Query: { a: () => 1, b: () => 2, c: () => 3 } };
    const guarded = await start({ one: [open, resolvers] }, {}, { SUPERGRAPH_WATCH: 'true' });
    const ask = async () => (await guarded.gateway.query({ query: '{ a b c }' })).data;
    for (let i = 0; i < 2; i++) expect(await ask()).toEqual({ a: 1, b: 2, c: null });
    const { workspace } = guarded.gateway;
    const sdl = await readFile(workspace.path('supergraph.graphql'), 'utf8');
    await workspace.write('supergraph.graphql', sdl.replace('b: Int', 'b: Int @authenticated'));
    let data = await ask();
    while (data.b !== null) data = await ask();
    expect(data).toEqual({ a: 1, b: null, c: null });
    await workspace.write('supergraph.graphql', sdl.replace('c: Int @authenticated', 'c: Int'));
    while (data.c === null) data = await ask();
    expect(data).toEqual({ a: 1, b: 2, c: 3 });
  });
});
