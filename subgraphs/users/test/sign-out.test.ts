import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '@tributary/platform';
import { createAuditTrail, toGlobalId } from '@tributary/subgraph-kit';
import { createPasswordHasher } from '../src/services/password-hasher.ts';
import { createSessionServices } from '../src/services/session-services.ts';
import { claimsOf, type FrontDoor, openFrontDoor, type Visitor } from './support/front-door.ts';
import {
  auditOf,
  createSession,
  newcomer,
  PLAIN_ERRORS,
  refresh,
  sessionOf,
  USER_ERRORS,
} from './support/sessions.ts';

const SILENT = { name: 'test', LOG_LEVEL: 'silent', NODE_ENV: 'test' };
const NEXT = 'quite another passphrase';

let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor({ REGISTRATIONS_PER_ADDRESS: '1000' });
});
afterAll(() => door?.close());

interface Revoked {
  revokedCount: number | null;
  userErrors: { __typename: string; field: string[] | null }[];
}

const revoke = async (input: Record<string, unknown>, visitor: Visitor) => {
  const query = `mutation ($input: SessionRevokeInput!) { result: sessionRevoke(input: $input) { revokedCount ${PLAIN_ERRORS} } }`;
  const { data, errors, headers } = await door.ask<{ result: Revoked }>(query, { input }, visitor);
  return {
    ...data.result,
    codes: errors?.map(({ extensions }) => extensions?.code) ?? [],
    setCookie: headers.get('set-cookie'),
  };
};

const changePassword = async (currentPassword: string, newPassword: string, visitor: Visitor) => {
  const query = `mutation ($input: PasswordChangeInput!) { result: passwordChange(input: $input) { revokedCount ${USER_ERRORS} } }`;
  const input = { currentPassword, newPassword };
  const { data } = await door.ask<{ result: Revoked }>(query, { input }, visitor);
  return data.result;
};

const isOpen = async (refreshToken: string) => (await refresh(door, refreshToken)).session !== null;
const globalId = (accessToken: string) => toGlobalId('UserSession', String(claimsOf(accessToken).sid));

/** Somebody with three sessions. */
async function threeSessions() {
  const first = await newcomer(door);
  const [second, third] = await Promise.all([
    createSession(door, { email: first.email }).then(sessionOf),
    createSession(door, { email: first.email }).then(sessionOf),
  ]);
  return { first, second, third };
}

describe('signing out', () => {
  it('ends this session, once', async () => {
    const { first, second } = await threeSessions();
    expect(await revoke({}, first)).toMatchObject({ revokedCount: 1, userErrors: [] });
    expect(await revoke({}, first)).toMatchObject({ revokedCount: 0, userErrors: [] });
    expect(await isOpen(first.refreshToken)).toBe(false);
    expect(await isOpen(second.refreshToken)).toBe(true);
    const entries = (await auditOf(door, first.email)).filter((action) => action === 'session.revoke');
    expect(entries).toHaveLength(1);
  });

  it('everywhere ends all of them, and nobody else’s', async () => {
    const { first, second, third } = await threeSessions();
    const other = await newcomer(door);
    expect(await revoke({ everywhere: true }, first)).toMatchObject({ revokedCount: 3, userErrors: [] });
    for (const { refreshToken } of [first, second, third]) expect(await isOpen(refreshToken)).toBe(false);
    expect(await isOpen(other.refreshToken)).toBe(true);
  });

  it('of one session by its id leaves the others', async () => {
    const { first, second, third } = await threeSessions();
    expect(await revoke({ id: globalId(second.accessToken) }, first)).toMatchObject({ revokedCount: 1 });
    expect(await isOpen(second.refreshToken)).toBe(false);
    expect(await isOpen(first.refreshToken)).toBe(true);
    expect(await isOpen(third.refreshToken)).toBe(true);
  });

  it('of another user’s session is as of one that is not there', async () => {
    const viewer = await newcomer(door);
    const other = await newcomer(door);
    const missing = toGlobalId('UserSession', '01990000-0000-7000-8000-000000000000');
    for (const id of [globalId(other.accessToken), missing, viewer.user.id, 'nonsense']) {
      expect(await revoke({ id }, viewer)).toMatchObject({
        revokedCount: null,
        userErrors: [{ __typename: 'NotFoundError', field: ['id'] }],
      });
    }
    expect(await isOpen(other.refreshToken)).toBe(true);
  });

  it('is for who is signed in, and means one thing', async () => {
    const viewer = await newcomer(door);
    const { codes } = await door
      .ask('mutation { sessionRevoke(input: {}) { revokedCount } }')
      .then(({ errors }) => ({ codes: errors?.map(({ extensions }) => extensions?.code) }));
    expect(codes).toEqual(['UNAUTHENTICATED']);
    expect(await revoke({ id: globalId(viewer.accessToken), everywhere: true }, viewer)).toMatchObject({
      revokedCount: null,
      userErrors: [{ __typename: 'ValidationError', field: ['id'] }],
    });
  });

  it('has the browser forget its cookie, unless another session ended', async () => {
    const viewer = await newcomer(door, { refreshTokenIn: 'COOKIE' });
    const other = sessionOf(await createSession(door, { email: viewer.email }));
    const browser = { accessToken: viewer.accessToken, cookie: (viewer.setCookie ?? '').split(';')[0] ?? '' };
    const kept = await revoke({ id: globalId(other.accessToken) }, browser);
    expect(kept).toMatchObject({ revokedCount: 1, setCookie: null });
    expect(await revoke({}, browser)).toMatchObject({
      revokedCount: 1,
      setCookie: expect.stringMatching(/^__Host-tributary-refresh=; Max-Age=0; Path=\/; HttpOnly; Secure/),
    });
  });
});

describe('the list of sessions', () => {
  const QUERY = `{ viewer { sessions(first: 2) {
    edges { node { id current createdAt lastUsedAt expiresAt } } pageInfo { hasNextPage }
  } } }`;
  interface Listed {
    viewer: { sessions: { edges: { node: { id: string; current: boolean } }[] } };
  }

  it('has those that are open, the newest first', async () => {
    const first = await newcomer(door);
    const second = sessionOf(await createSession(door, { email: first.email }));
    const third = sessionOf(await createSession(door, { email: first.email }));
    await revoke({}, second);
    const { data } = await door.ask<Listed>(QUERY, {}, { accessToken: first.accessToken });
    expect(data.viewer.sessions).toMatchObject({
      edges: [
        { node: { id: globalId(third.accessToken), current: false } },
        { node: { id: globalId(first.accessToken), current: true } },
      ],
      pageInfo: { hasNextPage: false },
    });
  });

  it('is nobody else’s to see, staff’s neither', async () => {
    const owner = await newcomer(door);
    const { email } = await newcomer(door);
    await door.prisma.user.update({ where: { email }, data: { role: 'ADMIN' } });
    const admin = sessionOf(await createSession(door, { email }));
    const { data, errors } = await door.ask(
      `{ user(id: "${owner.user.id}") { displayName sessions { edges { node { id } } } } }`,
      {},
      { accessToken: admin.accessToken },
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ user: { displayName: 'Ada', sessions: null } });
  });
});

describe('another password', () => {
  const OLD = 'a long enough passphrase';

  it('is the password from now on, and ends the other sessions', async () => {
    const { first, second, third } = await threeSessions();
    expect(await changePassword(OLD, NEXT, first)).toEqual({ revokedCount: 2, userErrors: [] });
    expect(await isOpen(first.refreshToken)).toBe(true);
    expect(await isOpen(second.refreshToken)).toBe(false);
    expect(await isOpen(third.refreshToken)).toBe(false);
    const { email } = first;
    expect((await createSession(door, { email })).refused).toEqual(['InvalidCredentialsError']);
    expect((await createSession(door, { email, password: NEXT })).refused).toEqual([]);
    expect(await auditOf(door, email)).toContain('password.change');
  });

  it('needs the present one, and a good new one', async () => {
    const viewer = await newcomer(door);
    const wrong = await changePassword('not the passphrase', NEXT, viewer);
    expect(wrong).toMatchObject({
      revokedCount: null,
      userErrors: [{ __typename: 'InvalidCredentialsError', field: ['currentPassword'] }],
    });
    for (const bad of ['short', 'password1234', viewer.email.toUpperCase()]) {
      expect(await changePassword(OLD, bad, viewer)).toMatchObject({
        revokedCount: null,
        userErrors: [{ __typename: 'ValidationError', field: ['newPassword'] }],
      });
    }
    expect((await createSession(door, { email: viewer.email })).refused).toEqual([]);
  });

  it('is one, when several are chosen at once', async () => {
    const viewer = await newcomer(door);
    const wanted = [1, 2, 3, 4, 5].map((n) => `${NEXT} ${n}`);
    const answers = await Promise.all(wanted.map((password) => changePassword(OLD, password, viewer)));
    const changed = answers.flatMap(({ userErrors }, n) => (userErrors.length === 0 ? [wanted[n]] : []));
    expect(changed).toHaveLength(1);
    for (const password of wanted) {
      const { session } = await createSession(door, { email: viewer.email, password });
      expect(session !== null).toBe(password === changed[0]);
    }
  });

  it('leaves no session behind that the old one has opened meanwhile', async () => {
    const viewer = await newcomer(door);
    const { email } = viewer;
    const hasher = createPasswordHasher();
    let looked = (_: unknown) => {};
    const hasLooked = new Promise((resolve) => {
      looked = resolve;
    });
    let goOn = (_: unknown) => {};
    const mayGoOn = new Promise((resolve) => {
      goOn = resolve;
    });
    const slow = {
      ...hasher,
      async verify(passwordHash: string, password: string) {
        const fits = await hasher.verify(passwordHash, password);
        looked(fits);
        await mayGoOn;
        return fits;
      },
    };
    const { sessions } = createSessionServices(door.prisma, door.settings, slow);
    const audit = createAuditTrail(door.prisma, { viewer: null, service: null, requestId: 'test' });
    const signingIn = sessions.create(
      { email, password: OLD, refreshTokenIn: 'BODY' },
      { audit, clientAddress: () => null, receivedAt: new Date(), logger: createLogger(SILENT) },
    );
    expect(await hasLooked).toBe(true);
    expect(await changePassword(OLD, NEXT, viewer)).toMatchObject({ userErrors: [] });
    goOn(null);
    await expect(signingIn).rejects.toThrow('INVALID_CREDENTIALS');
    const user = await door.prisma.user.findUniqueOrThrow({ where: { email } });
    expect(await door.prisma.session.count({ where: { userId: user.id } })).toBe(1);
  });
});
