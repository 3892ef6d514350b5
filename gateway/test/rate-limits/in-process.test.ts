import { afterEach, describe, expect, it } from '@jest/globals';
import { openSocket } from '../subscriptions/support/socket.ts';
import type { TestGateway } from '../support/gateway.ts';
import { startIssuer, type TestIssuer } from '../support/issuer.ts';
import { sendText } from '../support/raw-text.ts';
import { ask, figure, startLimited } from './support.ts';

let gateway: TestGateway | undefined;
let issuer: TestIssuer | undefined;
afterEach(async () => {
  await gateway?.close();
  await issuer?.stop();
  gateway = undefined;
  issuer = undefined;
});

const start = async (...given: Parameters<typeof startLimited>): Promise<TestGateway> => {
  gateway = await startLimited(...given);
  return gateway;
};
const post = (body: string, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body,
});
const from = (address: string) => ({ 'x-forwarded-for': address });
const LIMITED = { status: 429, code: 'RATE_LIMITED', data: undefined };

describe('a limit per address', () => {
  it('says what is left, refuses what is over it, and says when to come again', async () => {
    const limited = await start('per_address: { points: 2, per: 1h }');
    const [first, second, third, fourth] = [
      await ask(limited),
      await ask(limited),
      await ask(limited),
      await ask(limited),
    ];
    expect(first).toMatchObject({ status: 200, policy: '"per_address";q=2;w=3600' });
    expect(first.state).toMatch(/^"per_address";r=1;t=3(?:600|59\d)$/);
    expect(second.state).toMatch(/^"per_address";r=0;t=3(?:600|59\d)$/);
    for (const refused of [third, fourth]) {
      expect(refused).toMatchObject({ ...LIMITED, policy: first.policy });
      expect(refused.state).toMatch(/^"per_address";r=0;t=3(?:600|59\d)$/);
      expect(Number(refused.retryAfter)).toBeGreaterThan(3_500);
    }
    expect(await figure(limited, 'rate_limited_total{limit="per_address"')).toBe(2);
  });

  it('lets exactly so many of 200 at once through', async () => {
    const limited = await start('per_address: { points: 50, per: 1h }');
    const answers = await Promise.all(Array.from({ length: 200 }, () => ask(limited)));
    const count = (status: number) => answers.filter((answer) => answer.status === status).length;
    expect([count(200), count(429)]).toEqual([50, 150]);
  });

  it('begins anew when its time is up', async () => {
    const limited = await start('per_address: { points: 1, per: 1s }');
    expect((await ask(limited)).status).toBe(200);
    while ((await ask(limited)).status === 429);
    expect(await figure(limited, 'rate_limited_total{limit="per_address"')).toBeGreaterThan(0);
  });

  it('is of each address by itself, and of an IPv6 network as one', async () => {
    const limited = await start('per_address: { points: 1, per: 1h }', { TRUST_PROXY: '1' });
    const status = async (address: string) => (await ask(limited, '{ thing }', from(address))).status;
    expect([await status('192.0.2.1'), await status('192.0.2.1'), await status('192.0.2.2')]).toEqual([
      200, 429, 200,
    ]);
    expect([await status('2001:db8:1:2::1'), await status('2001:db8:1:2:ffff::2')]).toEqual([200, 429]);
    expect(await status('2001:db8:1:3::1')).toBe(200);
    expect(await status('::ffff:192.0.2.2')).toBe(429);
  });

  it('counts what is wrong as well, and does not read what comes then', async () => {
    const limited = await start('per_address: { points: 2, per: 1h }');
    expect(await ask(limited, '{ thing')).toMatchObject({ status: 200, code: 'GRAPHQL_PARSE_FAILED' });
    expect(await ask(limited, '{ nothing }')).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
    expect(await ask(limited, '{ nothing }')).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
    expect(await ask(limited, '{ nothing }')).toMatchObject(LIMITED);
    expect(await ask(limited)).toMatchObject(LIMITED);
  });

  it('counts what never becomes an operation, and does not read what comes then', async () => {
    const wrong: [number, string, RequestInit][] = [
      [400, 'BAD_REQUEST', post('{"query":')],
      [400, 'BAD_REQUEST', post('[]')],
      [413, 'PAYLOAD_TOO_LARGE', post(JSON.stringify({ query: 'a'.repeat(2_000) }))],
      [415, 'UNSUPPORTED_MEDIA_TYPE', post('{ thing }', { 'content-type': 'application/graphql' })],
      [415, 'UNSUPPORTED_MEDIA_TYPE', post('{}', { 'content-encoding': 'gzip' })],
      [400, 'BAD_REQUEST_DEADLINE', post('{"query":"{ thing }"}', { 'x-request-deadline-ms': 'soon' })],
      [405, 'METHOD_NOT_ALLOWED', { method: 'PUT' }],
    ];
    const limited = await start(
      `per_address: { points: ${wrong.length}, per: 1h }`,
      {},
      { files: { 'gateway.yaml': 'limits: { body: 1KB }' } },
    );
    const send = async (init: RequestInit) => {
      const response = await fetch(limited.endpoint, init);
      const { errors } = (await response.json()) as { errors: [{ extensions: { code: string } }] };
      return { response, told: [response.status, errors[0].extensions.code] };
    };
    for (const [index, [status, code, init]] of wrong.entries()) {
      const { response, told } = await send(init);
      expect(told).toEqual([status, code]);
      expect(response.headers.get('ratelimit')).toContain(`;r=${wrong.length - index - 1};`);
    }
    for (const [, , init] of wrong) {
      const { response, told } = await send(init);
      expect(told).toEqual([429, 'RATE_LIMITED']);
      expect(response.headers.get('retry-after')).toEqual(expect.any(String));
    }
    const unfinished =
      'POST /graphql HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n';
    expect(await sendText(limited.url, unfinished)).toMatchObject({ status: 429 });
    expect(await figure(limited, 'rate_limited_total{limit="per_address"')).toBe(wrong.length + 1);
  });

  it('holds for GET and for an event stream', async () => {
    const limited = await start('per_address: { points: 2, per: 1h }');
    const url = `${limited.endpoint}?query=${encodeURIComponent('{ thing }')}`;
    const get = () => fetch(url, { headers: { 'apollo-require-preflight': '1' } });
    const stream = () =>
      fetch(limited.endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
        body: '{"query":"{ thing }"}',
      });
    const [streamed, got] = [await stream(), await get()];
    expect([streamed.status, streamed.headers.get('ratelimit'), await streamed.text()]).toEqual([
      200,
      expect.stringMatching(/^"per_address";r=1;/),
      expect.stringContaining('"thing":1'),
    ]);
    expect(got.status).toBe(200);
    for (const refused of [await get(), await stream()]) {
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, expect.any(String)]);
      expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
    }
  });

  it('refuses an operation on a WebSocket, and leaves the socket open', async () => {
    const limited = await start('per_address: { points: 1, per: 1h }');
    const socket = await openSocket(limited.endpoint);
    await socket.init();
    for (const query of ['{ thing }', '{ thing }', '{ nothing', 'subscription { ticks }']) {
      socket.subscribe('a', query);
      const message = await socket.receive();
      if (message.type === 'next') {
        expect(await socket.receive()).toMatchObject({ type: 'complete' });
        continue;
      }
      expect(message).toMatchObject({
        type: 'error',
        payload: [
          { extensions: { code: 'RATE_LIMITED', limit: 'per_address', retryAfter: expect.any(Number) } },
        ],
      });
    }
    expect(await figure(limited, 'rate_limited_total{limit="per_address"')).toBe(3);
    await socket.close();
  });
});

describe('a limit per viewer', () => {
  it('is of each user by itself, and of nobody else', async () => {
    issuer = await startIssuer();
    const limited = await start(
      'per_viewer: { points: 1, per: 1h }, per_address: { points: 2, per: 1h, of: anonymous }',
      { ...issuer.settings },
    );
    const as = async (subject: string) =>
      ask(limited, '{ thing }', { authorization: `Bearer ${await issuer?.token(subject)}` });
    expect([await as('ada'), await as('ben')]).toMatchObject([{ status: 200 }, { status: 200 }]);
    expect(await as('ada')).toMatchObject({ ...LIMITED, policy: '"per_viewer";q=1;w=3600' });
    expect([(await ask(limited)).status, (await ask(limited)).status]).toEqual([200, 200]);
    expect(await ask(limited)).toMatchObject({ ...LIMITED, policy: '"per_address";q=2;w=3600' });
    expect(await as('cleo')).toMatchObject({ status: 200 });
    const unread = await fetch(limited.endpoint, post('{', { authorization: 'Bearer of-nobody' }));
    expect(unread.status).toBe(429);
  });
});

describe('a limit of a root field', () => {
  const SIGN_IN = 'fields: { Mutation.signIn: { points: 3, per: 1h } }';

  it('is taken once for each alias, through fragments too, and by nothing else', async () => {
    const limited = await start(SIGN_IN);
    expect(await ask(limited, 'mutation { touch }')).toMatchObject({ status: 200, policy: null });
    const two = 'mutation { a: signIn ...More } fragment More on Mutation { ... { b: signIn } }';
    expect(await ask(limited, two)).toMatchObject({
      status: 200,
      state: expect.stringMatching(/^"Mutation.signIn";r=1;/),
    });
    expect(await ask(limited, two)).toMatchObject({ ...LIMITED, policy: '"Mutation.signIn";q=3;w=3600' });
    expect(await ask(limited, 'mutation { touch }')).toMatchObject({ status: 200 });
    expect(await ask(limited, '{ thing }')).toMatchObject({ status: 200 });
  });

  it('is not got round by fragments that spread fragments', async () => {
    const limited = await start(SIGN_IN);
    // Four levels come to 16 fields; more of them the limits of documents refuse.
    const bomb = Array.from(
      { length: 4 },
      (_, n) => `fragment F${n} on Mutation { ...F${n + 1} ... { ...F${n + 1} } }`,
    );
    const query = `mutation { ...F0 } ${bomb.join(' ')} fragment F4 on Mutation { signIn }`;
    expect(await ask(limited, query)).toMatchObject(LIMITED);
  });
});

describe('a gateway.yaml with rate limits', () => {
  const failure = (limits: string, env?: Record<string, string>): Promise<string> =>
    start(limits, env).then(
      () => 'it started',
      ({ message }: Error) => message,
    );
  it.each([
    ['per_address: { points: 0, per: 1m }', /rate_limits\.per_address\.points: must be at least 1/],
    ['per_address: { points: 1.5, per: 1m }', /points: must be a whole number/],
    ['per_address: { points: 1, per: 1500ms }', /per_address\.per: must be whole seconds/],
    ['per_address: { points: 1, per: 25h }', /per: must be a time with its unit, from 1s to 24h/],
    ['per_user: { points: 1, per: 1m }', /rate_limits\.per_user: is not a key of this file/],
    ['fields: { signIn: { points: 1, per: 1m } }', /a field’s name is `Query\.name`/],
    [
      'fields: { Mutation.signin: { points: 1, per: 1m } }',
      /rate_limits\.fields\.Mutation\.signin: the supergraph has no such field/,
    ],
    ['per_viewer: { points: 1, per: 1m }', /rate_limits\.per_viewer: .*set AUTH_ISSUER as well/],
  ])('is refused: %s', async (limits, message) => {
    expect(await failure(limits)).toMatch(message);
  });
});
