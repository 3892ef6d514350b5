import { afterEach, describe, expect, it } from '@jest/globals';
import { createGate } from '../support/gate.ts';
import type { TestGateway } from '../support/gateway.ts';
import { startIssuer } from '../support/issuer.ts';
import { invalidate, startShelf } from './shelf.ts';

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function start(options: Parameters<typeof startShelf>[0] = {}) {
  const started = await startShelf({ settings: 'entities: off', ...options });
  opened.push(() => started.gateway.close());
  return started;
}

/** An operation is compiled by its first request; those after it can be answered from the cache. */
const compile = (gateway: TestGateway, query: string) => gateway.query({ query });

async function ask(
  gateway: TestGateway,
  query: string,
  {
    variables = {},
    headers = {},
  }: { variables?: Record<string, unknown>; headers?: Record<string, string> } = {},
) {
  const { data, errors, headers: answered } = await gateway.query({ query, variables, headers });
  const [state, age, cacheControl] = ['x-cache', 'age', 'cache-control'].map((name) => answered.get(name));
  return { data, ...(errors && { errors }), state, age, cacheControl };
}

const DUNE = '{ book(id: "1") { title } }';

describe('the response cache', () => {
  it('answers again what it answered, and says so', async () => {
    const { gateway, shelf } = await start();
    await compile(gateway, DUNE);
    const answer = { data: { book: { title: 'Dune' } }, age: '0', cacheControl: 'max-age=60, public' };
    expect(await ask(gateway, DUNE)).toEqual({ ...answer, state: 'miss' });
    shelf.calls = [];
    expect(await ask(gateway, DUNE)).toEqual({ ...answer, state: 'hit' });
    expect(shelf.calls).toEqual([]);
  });

  it('says when an answer was put together from parts', async () => {
    const { gateway } = await start({ settings: 'max_age: 24h' });
    const query = 'query Books($id: ID!) { book(id: $id) { title } best { text } }';
    await compile(gateway, '{ best { text } }');
    await gateway.query({ query, variables: { id: '1' } });
    expect(await ask(gateway, query, { variables: { id: '2' } })).toMatchObject({ state: 'partial' });
    expect(await ask(gateway, query, { variables: { id: '2' } })).toMatchObject({ state: 'hit' });
  });

  it('takes variables for equal that are', async () => {
    const { gateway, shelf } = await start();
    const query =
      'query Book($id: ID!, $with: Boolean = true) { book(id: $id) { title @include(if: $with) } }';
    await compile(gateway, query);
    await ask(gateway, query, { variables: { id: '1', with: true } });
    shelf.calls = [];
    expect(await ask(gateway, query, { variables: { with: true, id: '1', unused: 7 } })).toMatchObject({
      state: 'hit',
    });
    expect(await ask(gateway, query, { variables: { id: '2' } })).toMatchObject({
      state: 'miss',
      data: { book: { title: 'Emma' } },
    });
  });

  it('makes an answer once for all who ask at the same time', async () => {
    const { gateway, shelf } = await start({ env: { SHARE_FETCHES: 'false' } });
    await compile(gateway, DUNE);
    shelf.calls = [];
    const gate = createGate();
    shelf.before = gate.pass;
    const asked = Array.from({ length: 50 }, () => ask(gateway, DUNE));
    await gate.reached;
    // The others are in the gateway when a request that came after them is answered.
    await fetch(`${gateway.url}/health/live`);
    gate.open();
    const answers = await Promise.all(asked);
    expect(new Set(answers.map(({ data }) => JSON.stringify(data))).size).toBe(1);
    expect(shelf.calls).toEqual(['book 1']);
  });

  it('goes on for the others when the first who asked is gone', async () => {
    const { gateway, shelf } = await start();
    await compile(gateway, DUNE);
    shelf.calls = [];
    const gate = createGate();
    shelf.before = gate.pass;
    const leaving = new AbortController();
    const body = JSON.stringify({ query: DUNE });
    const headers = { 'content-type': 'application/json' };
    const first = fetch(gateway.endpoint, { method: 'POST', headers, body, signal: leaving.signal });
    await gate.reached;
    const second = ask(gateway, DUNE);
    await fetch(`${gateway.url}/health/live`);
    leaving.abort();
    await expect(first).rejects.toThrow();
    await fetch(`${gateway.url}/health/live`);
    gate.open();
    expect(await second).toMatchObject({ data: { book: { title: 'Dune' } } });
    expect(shelf.calls).toEqual(['book 1']);
  });

  it('gives nobody what is another’s', async () => {
    const { gateway } = await start();
    const query = '{ mine { title } }';
    await compile(gateway, query);
    for (const name of ['Ada', 'Bob', 'Ada', 'Bob']) {
      expect(await ask(gateway, query, { headers: { authorization: name } })).toMatchObject({
        data: { mine: { title: name } },
        cacheControl: 'max-age=60, private',
      });
    }
    expect(await ask(gateway, query, { headers: { authorization: 'Ada' } })).toMatchObject({ state: 'hit' });
    expect(await ask(gateway, query)).toMatchObject({
      data: { mine: { title: 'undefined' } },
      state: 'miss',
    });
  });

  it('shares what is public among those only who may do the same', async () => {
    const issuer = await startIssuer();
    opened.push(() => issuer.stop());
    const { gateway } = await start({ env: issuer.settings });
    await compile(gateway, DUNE);
    const authorization = `Bearer ${await issuer.token('ada')}`;
    await ask(gateway, DUNE);
    expect(await ask(gateway, DUNE, { headers: { authorization } })).toMatchObject({ state: 'miss' });
    const other = `Bearer ${await issuer.token('bob')}`;
    expect(await ask(gateway, DUNE, { headers: { authorization: other } })).toMatchObject({ state: 'hit' });
  });

  it('keeps no errors, and nothing with something missing', async () => {
    const { gateway } = await start();
    const query = '{ book(id: "1") { title broken } now }';
    await compile(gateway, query);
    for (let round = 0; round < 2; round++) {
      expect(await ask(gateway, query)).toMatchObject({
        errors: [{ path: ['book', 'broken'] }],
        state: 'miss',
        cacheControl: 'no-store',
      });
    }
  });

  it.each([
    ['a key', { keys: ['Book:1'] }],
    ['a tag', { tags: ['books'] }],
  ])('drops answers that depend on %s', async (_what, changed) => {
    const { gateway, shelf } = await start();
    const query = '{ books { title } }';
    await compile(gateway, query);
    await ask(gateway, query);
    shelf.titles = { 1: 'Dune II' };
    await invalidate(gateway, changed);
    expect(await ask(gateway, query)).toMatchObject({
      data: { books: [{ title: 'Dune II' }] },
      state: 'miss',
    });
  });

  it('gives who changed something what there is now', async () => {
    const { gateway } = await start();
    await compile(gateway, DUNE);
    await ask(gateway, DUNE);
    await gateway.query({ query: 'mutation { rename(id: "1", title: "Dune II") { id } }' });
    expect(await ask(gateway, DUNE)).toMatchObject({ data: { book: { title: 'Dune II' } }, state: 'miss' });
    await invalidate(gateway, { keys: ['Book:1'] });
    expect(await ask(gateway, DUNE)).toMatchObject({ data: { book: { title: 'Dune II' } }, state: 'miss' });
  });

  it('knows who changed something by who they are, whatever else their next request has or lacks', async () => {
    const issuer = await startIssuer();
    opened.push(() => issuer.stop());
    const { gateway } = await start({
      env: { ...issuer.settings, COOKIES: 'books=session', PROPAGATE_HEADERS: 'x-page' },
    });
    const authorization = `Bearer ${await issuer.token('ada')}`;
    await compile(gateway, DUNE);
    await ask(gateway, DUNE, { headers: { authorization } });
    const query = 'mutation { rename(id: "1", title: "Dune II") { id } }';
    const headers = { authorization, cookie: 'session=1', 'x-page': 'shelf' };
    await gateway.query({ query, headers });
    expect(await ask(gateway, DUNE, { headers: { authorization } })).toMatchObject({
      data: { book: { title: 'Dune II' } },
      state: 'miss',
    });
  });

  it('gives what is stale while a new one is made, where that is allowed', async () => {
    const settings = 'entities: off, max_age: 1ms, stale_while_revalidate: 60s';
    const { gateway, shelf } = await start({ settings });
    await compile(gateway, DUNE);
    await ask(gateway, DUNE);
    shelf.titles[1] = 'Dune II';
    const gate = createGate();
    shelf.before = gate.pass;
    // It is fresh for a millisecond, so that it may take a few until one is made anew.
    while (shelf.calls.length < 3) expect(await ask(gateway, DUNE)).toMatchObject({ state: 'hit' });
    await gate.reached;
    const answer = () => ask(gateway, DUNE);
    expect(await answer()).toMatchObject({ data: { book: { title: 'Dune' } }, state: 'hit' });
    gate.open();
    while (JSON.stringify((await answer()).data).includes('"Dune"')) await gate.pass();
    expect(await answer()).toMatchObject({ data: { book: { title: 'Dune II' } } });
  });

  it('is told of by figures', async () => {
    const { gateway } = await start({ settings: 'max_age: 24h' });
    await compile(gateway, DUNE);
    for (let round = 0; round < 2; round++) await ask(gateway, DUNE);
    const figures = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
    expect(figures).toContain('cache_answers_total{state="hit",service="gateway"} 2');
    expect(figures).toContain('cache_parts_total{subgraph="books",result="miss",service="gateway"} 1');
  });
});
