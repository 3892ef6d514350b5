import { sqltag as sql } from '@prisma/client/runtime/client';
import type { PrismaClient, User } from '@tributary/prisma/users/client';
import {
  type AuditTrail,
  checkInput,
  type Evictions,
  readPrimary,
  text,
  unauthenticated,
} from '@tributary/subgraph-kit';
import { z } from 'zod';
import { emailAddress } from './email-address.ts';

/** What an issuer says of somebody whom it signed in. */
export interface IssuedIdentity {
  /** The user's uuid. */
  userId: string;
  /** Where the issuer says that it was verified. */
  email?: string | undefined;
  name?: string | undefined;
}

/** Makes and changes users' profiles. */
export interface ProfileService {
  /**
   * Makes the account of somebody who came by another issuer, unless there is one. An e-mail address that another
   * account has is left out: accounts are never joined by it.
   *
   * @returns null when the user was erased: they do not come back
   */
  admit(identity: IssuedIdentity): Promise<User | null>;
  /** @throws Refusal for an input that is no change; UNAUTHENTICATED when the user is gone */
  update(userId: string, input: unknown, audit: AuditTrail): Promise<User>;
}

const NAMELESS = 'Customer';
const MAX_NAME = 200; // characters
const name = text({ max: MAX_NAME });
const userUpdateInput = z.object({ displayName: name.nullish() });

export function createProfileService(prisma: PrismaClient, evictions: Evictions): ProfileService {
  return {
    async admit({ userId, ...claims }) {
      readPrimary({ forChange: true });
      const displayName = name.safeParse(claims.name).data ?? NAMELESS;
      const email = emailAddress.safeParse(claims.email).data ?? null;
      // An address that is taken is a conflict as well, and then there is no account yet.
      for (const usable of new Set([email, null])) {
        await prisma.$executeRaw(sql`
          INSERT INTO users (id, email, display_name, updated_at)
          VALUES (${userId}::uuid, ${usable}, ${displayName}, now())
          ON CONFLICT DO NOTHING`);
        const user = await prisma.user.findUnique({ where: { id: userId } });
        if (user) return user.erasedAt ? null : user;
      }
      throw new Error('a user without an e-mail address could not be put in');
    },

    async update(userId, input, audit) {
      const { displayName } = checkInput(userUpdateInput, input);
      const data = displayName ? { displayName } : {};
      return prisma.$transaction(async (tx) => {
        const [user] = await tx.user.updateManyAndReturn({ where: { id: userId, erasedAt: null }, data });
        if (!user) throw unauthenticated();
        await audit.record(tx, { action: 'user.update', subjectType: 'User', subjectId: userId });
        await evictions.add(tx, { entities: { User: [userId] } });
        return user;
      });
    },
  };
}
