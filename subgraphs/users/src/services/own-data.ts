import { sqltag as sql } from '@prisma/client/runtime/client';
import type { PrismaClient } from '@tributary/prisma/users/client';
import { readAudit, toGlobalId } from '@tributary/subgraph-kit';

/**
 * All that this service holds of a user, for the user to read: no password and no token, not even hashed, and no
 * names of who else did what.
 */
export async function readOwnData(prisma: PrismaClient, userId: string): Promise<Record<string, unknown[]>> {
  const profile = await prisma.user.findMany({ where: { id: userId }, omit: { erasedAt: true } });
  const addresses = await prisma.address.findMany({
    where: { userId },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    omit: { userId: true },
  });
  const sessions = await prisma.session.findMany({
    where: { userId },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    omit: { id: true, userId: true },
  });
  const audit = await readAudit(
    prisma,
    sql`subject_id = ${userId}::uuid OR (actor_id = ${userId}::uuid AND actor_role = 'CUSTOMER')`,
  );
  const dataExports = await prisma.dataExport.findMany({
    where: { userId },
    orderBy: { requestedAt: 'asc' },
    omit: { document: true, userId: true },
  });
  return {
    profile: profile.map((user) => ({ ...user, id: toGlobalId('User', user.id) })),
    addresses: addresses.map((address) => ({ ...address, id: toGlobalId('Address', address.id) })),
    sessions,
    auditEntries: audit.map(({ at, action, actorId, actorRole, service, details }) => ({
      at,
      action,
      by: actorId === userId ? 'you' : (service ?? actorRole),
      details,
    })),
    dataExports: dataExports.map((wanted) => ({ ...wanted, id: toGlobalId('DataExport', wanted.id) })),
  };
}
