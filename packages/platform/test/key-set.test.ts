import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createAccessTokenVerifier,
  createFetchedKeySet,
  createSigningKey,
  fetchKeysAt,
  KeysUnavailableError,
  publicKeySet,
  type SigningKey,
  signAccessToken,
} from '../src/index.ts';

const AUTHORITY = { issuer: 'https://issuer.test', audience: 'shop' };
const IDENTITY = { subject: '00000000-0000-7000-8000-000000000001', scopes: ['customer'] };
const NO_MATCH = { code: 'ERR_JWKS_NO_MATCHING_KEY' };
const FOREVER = 3_600_000; // ms

const tokenOf = (key: SigningKey) => signAccessToken(IDENTITY, key, AUTHORITY, 600);

let published: SigningKey[];
let first: SigningKey;
let requests: number;
let status: number;
let server: ReturnType<typeof createServer>;

beforeEach(async () => {
  first = await createSigningKey('first');
  published = [first];
  requests = 0;
  status = 200;
  server = createServer((_request, response) => {
    requests += 1;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(status === 200 ? publicKeySet(published) : {}));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

function verifier(times: { cooldown?: number; maxAge?: number; keptFor?: number } = {}) {
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`);
  const failures: unknown[] = [];
  const keys = createFetchedKeySet(() => fetchKeysAt(url), {
    ...times,
    onFailure: (error) => failures.push(error),
  });
  return Object.assign(createAccessTokenVerifier(keys, AUTHORITY), { failures });
}

describe('published keys', () => {
  it('are asked for once, at the first token', async () => {
    const verify = verifier();
    expect(requests).toBe(0);
    const token = await tokenOf(first);
    await Promise.all(Array.from({ length: 50 }, () => verify(token)));
    expect(requests).toBe(1);
  });

  it('are asked for once, however many tokens name unknown ones', async () => {
    const verify = verifier();
    const strangers = await Promise.all(
      Array.from({ length: 200 }, async (_none, index) => tokenOf({ ...first, kid: `unknown-${index}` })),
    );
    const outcomes = await Promise.allSettled(strangers.map(verify));
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason)).toEqual(
      strangers.map(() => expect.objectContaining(NO_MATCH)),
    );
    expect(requests).toBe(1);
  });

  it('that are new are found, and old ones hold for as long as they are published', async () => {
    const verify = verifier({ cooldown: 0 });
    const second = await createSigningKey('second');
    const [old, young] = await Promise.all([tokenOf(first), tokenOf(second)]);
    expect(await verify(old)).toEqual(IDENTITY);
    await expect(verify(young)).rejects.toMatchObject(NO_MATCH);
    published = [second, first];
    expect(await verify(young)).toEqual(IDENTITY);
    expect(await verify(old)).toEqual(IDENTITY);
    published = [second];
    await expect(verify(await tokenOf({ ...first, kid: 'third' }))).rejects.toMatchObject(NO_MATCH);
    await expect(verify(old)).rejects.toMatchObject(NO_MATCH);
  });

  it('that are new are found after the cooldown, and not before it', async () => {
    const second = await createSigningKey('second');
    const [old, young] = await Promise.all([tokenOf(first), tokenOf(second)]);
    const [patient, quick] = [verifier({ cooldown: FOREVER }), verifier({ cooldown: 50 })];
    await Promise.all([patient(old), quick(old)]);
    published = [second, first];
    await expect(patient(young)).rejects.toMatchObject(NO_MATCH);
    const deadline = Date.now() + 10_000;
    while (!(await quick(young).catch(() => null)) && Date.now() < deadline) await sleep(5);
    expect(await quick(young)).toEqual(IDENTITY);
  });

  it('are asked for again when they are old', async () => {
    const verify = verifier({ cooldown: 0, maxAge: 0 });
    const token = await tokenOf(first);
    await verify(token);
    published = [];
    await expect(verify(token)).rejects.toMatchObject(NO_MATCH);
  });
});

describe('while the issuer is away', () => {
  it('nothing is believed before there are keys, and forged tokens do not hammer it', async () => {
    status = 503;
    const verify = verifier({ cooldown: FOREVER });
    const tokens = await Promise.all(
      Array.from({ length: 200 }, async (_none, index) => tokenOf({ ...first, kid: `unknown-${index}` })),
    );
    const outcomes = await Promise.allSettled([...tokens, await tokenOf(first)].map(verify));
    expect(
      outcomes.every(
        (outcome) => outcome.status === 'rejected' && outcome.reason instanceof KeysUnavailableError,
      ),
    ).toBe(true);
    expect(requests).toBe(1);
    expect(verify.failures).toHaveLength(1);
  });

  it('the keys that are known go on being believed, and an unknown one is nobody’s fault', async () => {
    const verify = verifier({ cooldown: 0, maxAge: 0 });
    const token = await tokenOf(first);
    await verify(token);
    status = 500;
    expect(await verify(token)).toEqual(IDENTITY);
    await expect(verify(await tokenOf({ ...first, kid: 'unknown' }))).rejects.toThrow(KeysUnavailableError);
    const forged = await tokenOf({ ...(await createSigningKey('first')), kid: 'first' });
    await expect(verify(forged)).rejects.toMatchObject({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
    status = 200;
    expect(await verify(token)).toEqual(IDENTITY);
    await expect(verify(await tokenOf({ ...first, kid: 'unknown' }))).rejects.toMatchObject(NO_MATCH);
  });

  it('known keys are not believed for ever', async () => {
    const verify = verifier({ cooldown: FOREVER, keptFor: 0 });
    await expect(verify(await tokenOf(first))).rejects.toThrow(KeysUnavailableError);
  });

  it('it is asked again soon, and believed once it is back', async () => {
    status = 503;
    const verify = verifier();
    const token = await tokenOf(first);
    await expect(verify(token)).rejects.toThrow(KeysUnavailableError);
    status = 200;
    const deadline = Date.now() + 10_000;
    while (!(await verify(token).catch(() => null)) && Date.now() < deadline) await sleep(20);
    expect(await verify(token)).toEqual(IDENTITY);
    expect(requests).toBe(2);
  });

  it('an answer that is no key set counts as none', async () => {
    const verify = createAccessTokenVerifier(
      createFetchedKeySet(async () => JSON.parse('{"keys":"none"}'), { onFailure: () => undefined }),
      AUTHORITY,
    );
    await expect(verify(await tokenOf(first))).rejects.toThrow(KeysUnavailableError);
  });
});
