import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FrontDoor, openFrontDoor, type Visitor } from './support/front-door.ts';
import { createSession, newcomer, refresh, register } from './support/sessions.ts';

let door: FrontDoor;
beforeAll(async () => {
  // Jobs are left where they are, to be counted.
  door = await openFrontDoor({ JOB_CONCURRENCY: '0', REGISTRATIONS_PER_ADDRESS: '1000' });
});
afterAll(() => door.close());

const ERASE = `mutation { viewerErase(input: { confirm: true }) {
  erased userErrors { __typename ... on UserError { code field } } } }`;
const erase = async (visitor: Visitor) => {
  const { data, errors } = await door.ask<{ viewerErase: { erased: boolean | null; userErrors: object[] } }>(
    ERASE,
    {},
    visitor,
  );
  expect(errors).toBeUndefined();
  return data.viewerErase;
};
const DONE = { erased: true, userErrors: [] };
const uuidOf = (globalId: string) => Buffer.from(globalId, 'base64url').toString().slice('User:'.length);
const jobsOf = (task: string, key: string) =>
  door.prisma.$queryRaw<{ key: string; maxAttempts: number; hours: number }[]>`
    SELECT key, max_attempts AS "maxAttempts", round(extract(epoch FROM run_at - now()) / 3600)::int AS hours
    FROM graphile_worker.jobs WHERE task_identifier = ${task} AND key LIKE ${`%${key}%`} ORDER BY run_at`;

describe('viewerErase', () => {
  it('leaves nothing to sign in with, and nothing in the account', async () => {
    const { email, accessToken, refreshToken, user } = await newcomer(door);
    const id = uuidOf(user.id);
    expect(await erase({ accessToken })).toEqual(DONE);
    expect(await door.prisma.user.findUnique({ where: { id } })).toMatchObject({
      email: null,
      displayName: 'Erased user',
      role: 'CUSTOMER',
      erasedAt: expect.any(Date),
    });
    expect(await door.prisma.credential.count({ where: { userId: id } })).toBe(0);
    expect(await door.prisma.session.count({ where: { userId: id } })).toBe(0);
    expect((await refresh(door, refreshToken)).refused).toEqual(['SessionExpiredError']);
    expect((await createSession(door, { email })).refused).toEqual(['InvalidCredentialsError']);
    const { data } = await door.ask('{ viewer { id } }', {}, { accessToken });
    expect(data).toEqual({ viewer: null });
    // The address is free again, for somebody else.
    const { session } = await register(door, { email });
    expect(uuidOf(session?.user.id ?? '')).not.toBe(id);
    const actions = await door.prisma.auditEntry.findMany({ where: { subjectId: id, action: 'user.erase' } });
    expect(actions).toHaveLength(1);
  });

  it('has the rest done by a job, and again when no token is valid any more', async () => {
    const { accessToken, user } = await newcomer(door);
    const answers = await Promise.all([
      erase({ accessToken }),
      erase({ accessToken }),
      erase({ accessToken }),
    ]);
    expect(answers).toEqual([DONE, DONE, DONE]);
    const id = uuidOf(user.id);
    expect(await jobsOf('user.erase', id)).toEqual([
      { key: `user.erase:${id}:first`, maxAttempts: 100, hours: 0 },
      { key: `user.erase:${id}:last`, maxAttempts: 100, hours: 24 },
    ]);
  });

  it('leaves nothing behind of what comes at the same time', async () => {
    const { accessToken, refreshToken, email, user } = await newcomer(door);
    const address = `{ recipient: "A", line1: "B", city: "C", postalCode: "1", countryCode: "BE" }`;
    const create = `mutation { addressCreate(input: { kind: SHIPPING, address: ${address} }) { address { id } } }`;
    await Promise.all([
      ...Array.from({ length: 8 }, () => door.ask(create, {}, { accessToken })),
      door.ask('mutation { viewerDataExport { dataExport { id } } }', {}, { accessToken }),
      door.ask('mutation { userUpdate(input: { displayName: "Ada" }) { user { id } } }', {}, { accessToken }),
      createSession(door, { email }),
      refresh(door, refreshToken),
      erase({ accessToken }),
    ]);
    const where = { userId: uuidOf(user.id) };
    const left = await Promise.all([
      door.prisma.address.count({ where }),
      door.prisma.dataExport.count({ where }),
      door.prisma.session.count({ where }),
      door.prisma.credential.count({ where }),
    ]);
    expect(left).toEqual([0, 0, 0, 0]);
    const row = await door.prisma.user.findUnique({ where: { id: uuidOf(user.id) } });
    expect(row?.displayName).toBe('Erased user');
  });

  it('leaves one administrator, of two that want to be erased at once', async () => {
    const admins = [await newcomer(door), await newcomer(door)];
    const ids = admins.map(({ user }) => uuidOf(user.id));
    await door.prisma.user.updateMany({ where: { id: { in: ids } }, data: { role: 'ADMIN' } });
    const answers = await Promise.all(admins.map(({ accessToken }) => erase({ accessToken })));
    expect(answers).toContainEqual(DONE);
    expect(answers).toContainEqual({
      erased: null,
      userErrors: [{ __typename: 'LastAdminError', code: 'LAST_ADMIN', field: null }],
    });
    expect(await door.prisma.user.count({ where: { role: 'ADMIN' } })).toBe(1);
  });

  it('takes somebody who is signed in', async () => {
    const { data, errors } = await door.ask(ERASE);
    expect(data).toEqual({ viewerErase: null });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['UNAUTHENTICATED']);
  });
});

describe('viewerDataExport', () => {
  it('is gathered once, for many who ask at once', async () => {
    const { accessToken } = await newcomer(door);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        door.ask<{ viewerDataExport: { dataExport: { id: string } } }>(
          'mutation { viewerDataExport { dataExport { id } } }',
          {},
          { accessToken },
        ),
      ),
    );
    const ids = new Set(answers.map(({ data }) => data.viewerDataExport.dataExport.id));
    expect(ids.size).toBe(1);
    const [id = ''] = ids;
    const uuid = Buffer.from(id, 'base64url').toString().slice('DataExport:'.length);
    expect(await jobsOf('user.export', uuid)).toHaveLength(1);
  });

  it('is there for nobody else, through its id either', async () => {
    const [owner, other] = [await newcomer(door), await newcomer(door)];
    const { data } = await door.ask<{ viewerDataExport: { dataExport: { id: string } } }>(
      'mutation { viewerDataExport { dataExport { id } } }',
      {},
      { accessToken: owner.accessToken },
    );
    const { id } = data.viewerDataExport.dataExport;
    const query = `query ($of: [_Any!]!) {
      _entities(representations: $of) { ... on DataExport { status document } }
    }`;
    const of = [{ __typename: 'DataExport', id }];
    expect((await door.ask(query, { of }, { accessToken: owner.accessToken })).data).toEqual({
      _entities: [{ status: 'PENDING', document: null }],
    });
    for (const visitor of [{ accessToken: other.accessToken }, {}])
      expect((await door.ask(query, { of }, visitor)).data).toEqual({ _entities: [null] });
  });
});
