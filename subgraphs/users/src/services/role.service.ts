import { sqltag as sql } from '@prisma/client/runtime/client';
import type { Prisma, PrismaClient, Role, User } from '@tributary/prisma/users/client';
import {
  type AuditTrail,
  type Evictions,
  forbidden,
  notFound,
  Refusal,
  ROLES,
  userError,
} from '@tributary/subgraph-kit';
import { revokeSessions } from './revoke-sessions.ts';
import { USER_COLUMNS } from './user.rows.ts';
import { lockAdmins } from './user-lock.ts';

/** A role to give. */
export interface RoleAssignment {
  /** Uuid of the user who gets it; null when the client's id is none. */
  userId: string | null;
  role: Role;
  /** Uuid of the administrator who gives it, as their token says. */
  assignedBy: string;
}

/** Decides who may do what. */
export interface RoleService {
  /**
   * Gives a user a role. One who has less of it then has to sign in again.
   *
   * @throws Refusal when there is no such user, or nobody would be left who assigns roles
   * @throws FORBIDDEN when who assigns it is no administrator any more
   */
  assign(assignment: RoleAssignment, audit: AuditTrail): Promise<User>;
}

export const lastAdmin = () =>
  new Refusal(userError('LastAdminError', 'LAST_ADMIN', 'Nobody would be left who assigns roles.'));

export function createRoleService(prisma: PrismaClient, evictions: Evictions): RoleService {
  return {
    assign: ({ userId, role, assignedBy }, audit) =>
      prisma.$transaction(async (tx) => {
        const admins = await lockAdmins(tx);
        if (!admins.includes(assignedBy)) await refuseFormerAdmin(tx, assignedBy);
        const [before] = userId === null ? [] : await lockedUser(tx, userId);
        if (!before) throw new Refusal(notFound(['userId']));
        if (before.role === role) return before;
        if (before.role === 'ADMIN' && admins.every((id) => id === before.id)) throw lastAdmin();
        const after = await tx.user.update({ where: { id: before.id }, data: { role } });
        if (ROLES.indexOf(role) < ROLES.indexOf(before.role)) {
          // Their access tokens say the old role for as long as they are valid; there will be no more of them.
          await revokeSessions(tx, { userId: before.id }, 'role_changed');
        }
        await audit.record(tx, {
          action: 'user.role.assign',
          subjectType: 'User',
          subjectId: before.id,
          details: { from: before.role, to: role },
        });
        await evictions.add(tx, { entities: { User: [before.id] } });
        return after;
      }),
  };
}

/**
 * A token says for some minutes what its user may no longer do. The role of somebody who does not sign in here is
 * another issuer's to know, and their token's word counts.
 */
async function refuseFormerAdmin(tx: Prisma.TransactionClient, userId: string): Promise<void> {
  if (await tx.credential.findUnique({ where: { userId }, select: { userId: true } })) throw forbidden();
}

const lockedUser = (tx: Prisma.TransactionClient, userId: string) =>
  tx.$queryRaw<User[]>(sql`
    SELECT ${USER_COLUMNS} FROM users u WHERE u.id = ${userId}::uuid AND u.erased_at IS NULL FOR NO KEY UPDATE`);
