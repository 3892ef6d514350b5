import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hash } from '@node-rs/argon2';
import { createSigningKey } from '@tributary/platform';
import { DEMO_EMAILS, DEMO_PASSWORD, makeDatasets, seedDatabase } from '@tributary/prisma/seed';
import { createAuditTrail } from '@tributary/subgraph-kit';
import { createAttempts } from '../src/services/attempts.ts';
import { createCredentialCheck } from '../src/services/credential-check.ts';
import { createPasswordHasher } from '../src/services/password-hasher.ts';
import { warnOfMissingKeys } from '../src/services/session-services.ts';
import { type FrontDoor, keyIdOf, openFrontDoor } from './support/front-door.ts';
import { auditOf, createSession, newcomer, PASSWORD, refresh, sessionOf } from './support/sessions.ts';

const WRONG = 'not the passphrase at all';

let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor();
});
afterAll(() => door?.close());

/** Takes the password away, as of somebody who signs in at another issuer. */
const withoutPassword = async (email: string) => {
  const user = await door.prisma.user.findUniqueOrThrow({ where: { email } });
  await door.prisma.credential.delete({ where: { userId: user.id } });
};

describe('signing in', () => {
  it('opens a session, whatever the case of the e-mail address', async () => {
    const { email, user } = await newcomer(door);
    const session = sessionOf(await createSession(door, { email: ` ${email.toUpperCase()} ` }));
    expect(session.user).toEqual(user);
    const { subject, sessionId, scopes } = await door.verify(session.accessToken);
    const row = await door.prisma.session.findUniqueOrThrow({ where: { id: sessionId ?? '' } });
    expect({ subject, scopes }).toEqual({ subject: row.userId, scopes: ['customer'] });
    expect((await refresh(door, session.refreshToken)).refused).toEqual([]);
    expect(await auditOf(door, email)).toEqual(['user.register', 'session.create', 'session.create']);
  });

  it('has one answer for all that is wrong', async () => {
    const known = await newcomer(door);
    const elsewhere = await newcomer(door);
    await withoutPassword(elsewhere.email);
    const erased = await newcomer(door);
    await door.prisma.user.update({
      where: { email: erased.email },
      data: { erasedAt: new Date(), email: null },
    });
    const answers = [
      await createSession(door, { email: known.email, password: WRONG }),
      await createSession(door, { email: 'nobody@example.com', password: WRONG }),
      await createSession(door, { email: 'not an address', password: WRONG }),
      await createSession(door, { email: elsewhere.email }),
      await createSession(door, { email: erased.email }),
    ];
    expect(answers[0]).toEqual({
      session: null,
      setCookie: null,
      refused: ['InvalidCredentialsError'],
      userErrors: [
        {
          __typename: 'InvalidCredentialsError',
          code: 'INVALID_CREDENTIALS',
          message: 'E-mail address or password is wrong.',
          field: null,
        },
      ],
    });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await auditOf(door, known.email)).toEqual(['user.register', 'session.create', 'session.refused']);
  });

  it('does the same work for all that is wrong', async () => {
    const known = await newcomer(door);
    const elsewhere = await newcomer(door);
    await withoutPassword(elsewhere.email);
    const { prisma } = door;
    const limits = {
      SIGN_IN_TRIES_PER_ACCOUNT: 10,
      SIGN_IN_TRIES_PER_ADDRESS: 10,
      REGISTRATIONS_PER_ADDRESS: 1,
      SIGN_IN_WINDOW_MINUTES: 1,
    };
    const verified: string[] = [];
    const hasher = createPasswordHasher();
    const counting = {
      ...hasher,
      async verify(passwordHash: string, password: string) {
        verified.push(passwordHash.split('$').slice(0, 4).join('$'));
        return hasher.verify(passwordHash, password);
      },
    };
    const credentials = createCredentialCheck(prisma, counting, createAttempts(prisma, limits));
    const audit = createAuditTrail(prisma, { viewer: null, service: null, requestId: 'test' });
    for (const account of [known.email, elsewhere.email, 'nobody@example.com']) {
      verified.length = 0;
      const credential = await credentials.byEmail(account);
      const claim = { account, credential, password: WRONG, field: null };
      await expect(credentials.check(claim, { audit, clientAddress: () => null })).rejects.toThrow(
        'INVALID_CREDENTIALS',
      );
      expect(verified).toEqual(['$argon2id$v=19$m=19456,t=2,p=1']);
    }
  });

  it('lets the demo accounts of a development seed in, with no hash to be made anew', async () => {
    const seeded = await openFrontDoor();
    try {
      await seedDatabase({ url: seeded.database.url, dataset: makeDatasets(0.02, true).users });
      const before = await seeded.prisma.credential.findMany();
      for (const email of DEMO_EMAILS) {
        const { refused } = await createSession(seeded, { email, password: DEMO_PASSWORD });
        expect(refused).toEqual([]);
      }
      expect(await seeded.prisma.credential.findMany()).toEqual(before);
    } finally {
      await seeded.close();
    }
  });

  it('makes a hash anew that has become weak, and leaves it when the password is wrong', async () => {
    const { email } = await newcomer(door);
    const { id: userId } = await door.prisma.user.findUniqueOrThrow({ where: { email } });
    const weak = await hash(PASSWORD, { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
    const before = await door.prisma.credential.update({
      where: { userId },
      data: { passwordHash: weak },
    });
    await createSession(door, { email, password: WRONG });
    expect(await door.prisma.credential.findUnique({ where: { userId } })).toEqual(before);
    const answers = await Promise.all([1, 2, 3].map(() => createSession(door, { email })));
    expect(answers.flatMap(({ refused }) => refused)).toEqual([]);
    const after = await door.prisma.credential.findUniqueOrThrow({ where: { userId } });
    expect(after.passwordHash).toMatch(/\$m=19456,t=2,p=1\$/);
    expect(after.changedAt).toEqual(before.changedAt);
    expect((await createSession(door, { email })).refused).toEqual([]);
  });

  it.each([
    [{ password: '' }, ['password']],
    [{ password: 'x'.repeat(201) }, ['password']],
    [{ email: ' ' }, ['email']],
    [{ email: 'x'.repeat(255) }, ['email']],
  ])('refuses %j', async (input, field) => {
    const { session, userErrors } = await createSession(door, { email: 'a@example.com', ...input });
    expect(session).toBeNull();
    expect(userErrors).toEqual([expect.objectContaining({ __typename: 'ValidationError', field })]);
  });
});

describe('the keys of access tokens', () => {
  it('change without a sign-out', async () => {
    const [old, fresh] = [await createSigningKey('old'), await createSigningKey('fresh')];
    const before = await door.openAnother({ AUTH_SIGNING_KEYS: JSON.stringify([old]) });
    const { accessToken, refreshToken } = await newcomer(before);
    await before.close();
    const after = await door.openAnother({ AUTH_SIGNING_KEYS: JSON.stringify([fresh, old]) });
    try {
      expect(keyIdOf(accessToken)).toBe('old');
      expect(await after.verify(accessToken)).toMatchObject({ scopes: ['customer'] });
      const renewed = sessionOf(await refresh(after, refreshToken));
      expect(keyIdOf(renewed.accessToken)).toBe('fresh');
      expect(await after.verify(renewed.accessToken)).toMatchObject({ scopes: ['customer'] });
      await expect(before.verify(renewed.accessToken)).rejects.toMatchObject({
        code: 'ERR_JWKS_NO_MATCHING_KEY',
      });
    } finally {
      await after.close();
    }
  });

  it('missing are worth a warning at the start, in production', () => {
    const warned: string[] = [];
    const logger = { warn: (text: string) => warned.push(text) };
    const keyless = { ...door.settings, AUTH_SIGNING_KEYS: [] };
    warnOfMissingKeys({ ...door.settings, NODE_ENV: 'production' }, logger);
    warnOfMissingKeys({ ...keyless, NODE_ENV: 'development' }, logger);
    expect(warned).toEqual([]);
    warnOfMissingKeys({ ...keyless, NODE_ENV: 'production' }, logger);
    expect(warned).toEqual([expect.stringMatching(/^AUTH_SIGNING_KEYS: /)]);
  });

  it('missing are a fault with a name, before anything is done', async () => {
    const { email, refreshToken } = await newcomer(door);
    const keyless = await door.openAnother({ AUTH_SIGNING_KEYS: '[]' });
    try {
      const users = await door.prisma.user.count();
      const { data, errors } = await keyless.ask(
        `mutation ($email: String!, $refreshToken: String!, $password: String!) {
          userRegister(input: { email: "x@example.com", password: $password, displayName: "X" }) { session { accessToken } }
          sessionCreate(input: { email: $email, password: $password }) { session { accessToken } }
          sessionRefresh(input: { refreshToken: $refreshToken }) { session { accessToken } }
        }`,
        { email, refreshToken, password: PASSWORD },
      );
      expect(data).toEqual({ userRegister: null, sessionCreate: null, sessionRefresh: null });
      expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(
        Array(3).fill('SIGN_IN_NOT_CONFIGURED'),
      );
      expect(await door.prisma.user.count()).toBe(users);
    } finally {
      await keyless.close();
    }
    expect((await refresh(door, refreshToken)).refused).toEqual([]);
  });
});
