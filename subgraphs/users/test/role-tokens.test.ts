import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { claimsOf, type FrontDoor, openFrontDoor } from './support/front-door.ts';
import { newcomer, refresh, sessionOf } from './support/sessions.ts';

let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor();
});
afterAll(() => door.close());

it('is in the token from the next refresh on; less of a role takes a new sign-in', async () => {
  const [admin, user] = [await newcomer(door), await newcomer(door)];
  await door.prisma.user.update({ where: { email: admin.email }, data: { role: 'ADMIN' } });
  const { accessToken } = sessionOf(await refresh(door, admin.refreshToken));
  expect(claimsOf(accessToken).scope).toBe('admin');
  const assign = async (role: string) => {
    const { data } = await door.ask(
      `mutation ($input: UserRoleAssignInput!) { userRoleAssign(input: $input) { user { role } } }`,
      { input: { userId: user.user.id, role } },
      { accessToken },
    );
    expect(data).toEqual({ userRoleAssign: { user: { role } } });
  };
  await assign('STAFF');
  const promoted = sessionOf(await refresh(door, user.refreshToken));
  expect(claimsOf(promoted.accessToken).scope).toBe('staff');
  await assign('CUSTOMER');
  expect((await refresh(door, promoted.refreshToken)).refused).toEqual(['SessionExpiredError']);
});
