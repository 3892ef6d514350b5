import { createHash } from 'node:crypto';
import { sqltag as sql } from '@prisma/client/runtime/client';
import { clientNetwork } from '@tributary/platform';
import type { PrismaClient } from '@tributary/prisma/users/client';
import { Refusal, userError } from '@tributary/subgraph-kit';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';

/** How many tries are allowed, by the names of their settings. */
export interface AttemptLimits {
  SIGN_IN_TRIES_PER_ACCOUNT: number;
  SIGN_IN_TRIES_PER_ADDRESS: number;
  REGISTRATIONS_PER_ADDRESS: number;
  SIGN_IN_WINDOW_MINUTES: number;
}

/** A try of a password. */
export interface Attempt {
  /** The e-mail address in lower case, whether there is such an account or not; a user's id where they have none. */
  account: string;
  /** IP address of the client. */
  address: string | null;
}

/**
 * Counts tries in the database, for all processes together. A try counts before it is looked at, so that those that
 * come at once do not all find that there is one left.
 */
export interface Attempts {
  /** @throws Refusal when there were too many */
  begin(attempt: Attempt): Promise<void>;
  /** The try was right: it does not count, and the account's others are forgotten. */
  succeed(attempt: Attempt): Promise<void>;
  /** Writes as much as an entry in the audit log does, to the same end as the decoy of the password. */
  pretend(attempt: Attempt): Promise<void>;
  /** @throws Refusal when there were too many */
  register(address: string | null): Promise<void>;
}

export function createAttempts(prisma: PrismaClient, limits: AttemptLimits): Attempts {
  const limiter = (keyPrefix: string, points: number) =>
    new RateLimiterPostgres({
      storeClient: queriesOf(prisma),
      storeType: 'client',
      tableName: 'attempts',
      tableCreated: true, // by a migration
      clearExpiredByTimeout: false, // a job does it
      keyPrefix,
      points,
      duration: limits.SIGN_IN_WINDOW_MINUTES * 60,
    });
  const accounts = limiter('account', limits.SIGN_IN_TRIES_PER_ACCOUNT);
  const addresses = limiter('address', limits.SIGN_IN_TRIES_PER_ADDRESS);
  const registrations = limiter('registration', limits.REGISTRATIONS_PER_ADDRESS);
  return {
    async begin({ account, address }) {
      await consume(addresses, clientNetwork(address));
      await consume(accounts, accountKey(account));
    },
    async succeed({ account, address }) {
      await accounts.delete(accountKey(account));
      await addresses.reward(clientNetwork(address));
    },
    async pretend({ account }) {
      const key = `${accounts.keyPrefix}:${accountKey(account)}`;
      await prisma.$executeRaw(sql`UPDATE attempts SET points = points WHERE key = ${key}`);
    },
    register: (address) => consume(registrations, clientNetwork(address)),
  };
}

/** Hashed: an e-mail address that somebody typed has no business in the database, whosever it is. */
const accountKey = (account: string): string => createHash('sha256').update(account).digest('base64url');

async function consume(limiter: RateLimiterPostgres, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (reason) {
    if (reason instanceof RateLimiterRes) throw tooManyAttempts(Math.ceil(reason.msBeforeNext / 1_000));
    throw reason;
  }
}

const tooManyAttempts = (seconds: number) =>
  new Refusal(
    userError(
      'TooManyAttemptsError',
      'TOO_MANY_ATTEMPTS',
      'There were too many tries. Wait before the next.',
      null,
      { retryAfterSeconds: Math.max(seconds, 1) },
    ),
  );

interface Query {
  text: string;
  values: unknown[];
}

/** The service's own connections in the form of node-postgres, which is what the limiter talks to. */
const queriesOf = (prisma: PrismaClient) => ({
  async query({ text, values }: Query) {
    const rows = await prisma.$queryRawUnsafe<{ expire?: bigint | number | null }[]>(text, ...values);
    return {
      rows: rows.map((row) => ({ ...row, ...(row.expire && { expire: Number(row.expire) }) })),
      rowCount: rows.length,
    };
  },
});
