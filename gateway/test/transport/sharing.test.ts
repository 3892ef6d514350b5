import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TEST_SECRET } from '@tributary/testing';
import { type FaultyServer, startFaulty } from '../support/faulty-server.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type HeldServer, startHeld } from '../support/held-server.ts';
import { startIssuer, type TestIssuer } from '../support/issuer.ts';

let slow: HeldServer;
let marker: FaultyServer;
let issuer: TestIssuer;
let gateway: TestGateway;
let marked: () => void;

beforeEach(async () => {
  [slow, issuer] = await Promise.all([startHeld(), startIssuer()]);
  marker = await startFaulty((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{"mark":1}}');
    marked();
  });
});

afterEach(async () => {
  await Promise.all([slow.stop(), marker.stop(), issuer.stop()]);
  await gateway.close();
});

async function start(env: Record<string, string> = {}): Promise<void> {
  gateway = await startTestGateway(
    [
      { name: 'slow', url: slow.url, sdl: 'type Query { slow: Int } type Mutation { change: Int }' },
      { name: 'marker', url: marker.url, sdl: 'type Query { mark(n: Int): Int }' },
    ],
    { SUBGRAPH_TIMEOUT_MS: '60000', INTERNAL_SECRET: TEST_SECRET, ...issuer.settings, ...env },
    // What fails is to fail at once.
    { files: { 'gateway.yaml': 'all: { retries: false }' } },
  );
}

/** Asks, and goes on when the fetches have been sent: another one, from a second subgraph, shows it. */
async function ask(headers: Record<string, string> = {}, signal: AbortSignal | null = null) {
  const sent = new Promise<void>((resolve) => {
    marked = resolve;
  });
  const response = fetch(gateway.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({
      query: 'query ($n: Int) { slow mark(n: $n) }',
      variables: { n: marker.requests() },
    }),
    signal,
  });
  // What a test does not wait for may fail.
  response.catch(() => undefined);
  await sent;
  return {
    response,
    read: async () =>
      (await response).json() as Promise<{ data: { slow: number | null }; errors?: object[] }>,
  };
}

type Asked = Awaited<ReturnType<typeof ask>>;

const valuesOf = (asked: Asked[]) => Promise.all(asked.map(async ({ read }) => (await read()).data.slow));

async function answerNext(...values: number[]): Promise<void> {
  for (const value of values) (await slow.next()).answer({ slow: value });
}

const change = () => gateway.query({ query: 'mutation { change }' });

async function shared(): Promise<number> {
  const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
  return Number(/^gateway_subgraph_shared_fetches_total\{subgraph="slow".* (\d+)$/m.exec(metrics)?.[1] ?? 0);
}

describe('equal queries that are under way at the same time', () => {
  it.each(['tributary', 'apollo'])('are sent once with EXECUTOR=%s, and answer each', async (EXECUTOR) => {
    await start({ EXECUTOR });
    const asked: Asked[] = [];
    for (let n = 0; n < 50; n += 1) asked.push(await ask());
    await answerNext(7);
    const answers = await Promise.all(asked.map(({ read }) => read()));
    expect(answers).toEqual(Array(50).fill({ data: { slow: 7, mark: 1 } }));
    expect(slow.requests()).toBe(1);
    expect(await shared()).toBe(49);
  });

  it('are sent anew when the one before was answered', async () => {
    await start();
    for (const value of [1, 2]) {
      const asked = [await ask()];
      await answerNext(value);
      expect(await valuesOf(asked)).toEqual([value]);
    }
    expect(await shared()).toBe(0);
  });

  it('are sent each with SHARE_FETCHES=off', async () => {
    await start({ SHARE_FETCHES: 'off' });
    const asked = [await ask(), await ask()];
    await answerNext(1, 2);
    expect((await valuesOf(asked)).sort()).toEqual([1, 2]);
  });
});

describe('queries are not shared', () => {
  it('between users, nor with nobody; the tokens of one user are of no account', async () => {
    await start();
    const as = async (user: number, lifetime = 60) => {
      const token = await issuer.token(`00000000-0000-7000-8000-00000000000${user}`, { lifetime });
      return ask({ authorization: `Bearer ${token}` });
    };
    const asked = [await as(1), await as(2), await ask(), await as(1, 90)];
    await answerNext(1, 2, 3);
    expect(await valuesOf(asked)).toEqual([1, 2, 3, 1]);
    expect(slow.requests()).toBe(3);
  });

  it('between headers that are handed on', async () => {
    await start({ PROPAGATE_HEADERS: 'accept-language' });
    const asked = [await ask({ 'accept-language': 'de' }), await ask({ 'accept-language': 'fr' })];
    await answerNext(1, 2);
    expect(await valuesOf(asked)).toEqual([1, 2]);
  });

  it('between cookies of the subgraph; other cookies are of no account', async () => {
    await start({ COOKIES: 'slow=session' });
    const asked = [await ask({ cookie: 'session=a; x=1' }), await ask({ cookie: 'session=b' })];
    asked.push(await ask({ cookie: 'session=a; x=2' }));
    await answerNext(1, 2);
    expect(await valuesOf(asked)).toEqual([1, 2, 1]);
  });

  it('when they are mutations', async () => {
    await start();
    const changes = [change(), change()];
    for (const value of [1, 2]) (await slow.next()).answer({ change: value });
    expect((await Promise.all(changes)).map(({ data }) => data.change).sort()).toEqual([1, 2]);
  });
});

describe('who asks after a mutation', () => {
  it('that was answered is not given what was asked for before', async () => {
    await start();
    const before = await ask();
    const stale = await slow.next();
    const changed = change();
    (await slow.next()).answer({ change: 1 });
    await changed;
    const after = [await ask(), await ask()];
    await answerNext(2);
    expect(await valuesOf(after)).toEqual([2, 2]);
    stale.answer({ slow: 1 });
    expect(await valuesOf([before])).toEqual([1]);
  });

  it('that is under way shares neither with those before it, nor with those after its answer', async () => {
    await start();
    const asked = [await ask()];
    const requests = [await slow.next()];
    const changed = change();
    const mutation = await slow.next();
    asked.push(await ask());
    requests.push(await slow.next());
    mutation.answer({ change: 1 });
    await changed;
    asked.push(await ask());
    requests.push(await slow.next());
    requests.forEach(({ answer }, index) => void answer({ slow: index }));
    expect(await valuesOf(asked)).toEqual([0, 1, 2]);
  });

  it('that failed asks anew as well: it may have been done', async () => {
    await start();
    const before = await ask();
    const stale = await slow.next();
    const changed = change();
    (await slow.next()).response.destroy();
    expect((await changed).errors?.[0]?.extensions?.code).toBe('SUBGRAPH_UNAVAILABLE');
    const after = await ask();
    await answerNext(2);
    expect(await valuesOf([after])).toEqual([2]);
    stale.answer({ slow: 1 });
    expect(await valuesOf([before])).toEqual([1]);
  });
});

describe('of those who wait for one fetch', () => {
  it('the first may leave: the others have their answer', async () => {
    await start();
    const client = new AbortController();
    const leaving = await ask({}, client.signal);
    const staying = await ask();
    const request = await slow.next();
    // Only this client waits for it, so that its end shows that the gateway has noticed.
    const other = await ask({ authorization: `Bearer ${await issuer.token('u')}` }, client.signal);
    const { abandoned } = await slow.next();
    client.abort();
    await abandoned;
    await Promise.allSettled([leaving.response, other.response]);
    request.answer({ slow: 7 });
    expect(await valuesOf([staying])).toEqual([7]);
  });

  it('the last to leave ends it, and who comes then asks anew', async () => {
    await start();
    const clients = [new AbortController(), new AbortController()];
    for (const { signal } of clients) await ask({}, signal);
    const { abandoned } = await slow.next();
    for (const client of clients) client.abort();
    await abandoned;
    const later = await ask();
    await answerNext(8);
    expect(await valuesOf([later])).toEqual([8]);
    expect(slow.requests()).toBe(2);
  });

  it('each has an error of its own when it fails, and the next one asks anew', async () => {
    await start();
    const asked = [await ask(), await ask()];
    (await slow.next()).response.destroy();
    for (const { read } of asked) {
      expect(await read()).toMatchObject({
        data: { slow: null, mark: 1 },
        errors: [{ path: ['slow'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
      });
    }
    const later = await ask();
    await answerNext(8);
    expect(await valuesOf([later])).toEqual([8]);
    expect(slow.requests()).toBe(2);
  });

  it('nobody waits longer than the subgraph may take', async () => {
    await start({ SUBGRAPH_TIMEOUT_MS: '500' });
    const asked = [await ask(), await ask()];
    for (const { read } of asked) {
      expect((await read()).errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_TIMEOUT' } }]);
    }
    expect(slow.requests()).toBe(1);
  });

  it('the one that asked is given its cookie; the others ask for themselves', async () => {
    await start({ COOKIES: 'slow=session' });
    const asked = [await ask(), await ask(), await ask()];
    for (const value of [1, 2, 3]) {
      (await slow.next()).answer({ slow: value }, { 'set-cookie': `session=${value}` });
    }
    const cookies = await Promise.all(
      asked.map(async ({ response, read }) => [
        (await response).headers.get('set-cookie'),
        (await read()).data.slow,
      ]),
    );
    expect(cookies.sort()).toEqual([1, 2, 3].map((value) => [`session=${value}`, value]));
    expect(await shared()).toBe(0);
  });
});
