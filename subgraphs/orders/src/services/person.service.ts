import type { PrismaClient } from '@tributary/prisma/orders/client';
import type { AuditTrail, Evictions } from '@tributary/subgraph-kit';
import { type PersonPage, readPerson } from './person-data.ts';
import { erasePerson } from './person-erasure.ts';

/** What this service holds of people, for the users subgraph, which asks on their behalf. */
export interface PersonService {
  /**
   * Reads a part of it.
   *
   * @param after - `endCursor` of the part before
   */
  read(userId: string, after: string | null): Promise<PersonPage>;
  /** @returns whether nothing is left to erase */
  erase(userId: string, audit: AuditTrail): Promise<boolean>;
}

export const createPersonService = (prisma: PrismaClient, evictions: Evictions): PersonService => ({
  read: (userId, after) => readPerson(prisma, userId, after),
  erase: (userId, audit) => erasePerson(prisma, userId, audit, evictions),
});
