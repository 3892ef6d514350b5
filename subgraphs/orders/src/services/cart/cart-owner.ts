import { createHash, randomBytes } from 'node:crypto';
import { type Sql, sqltag as sql } from '@prisma/client/runtime/client';

/** Whose cart: a user's, or that of whoever has the token. */
export type CartOwner = { userId: string } | { token: string };

/** A token of 256 random bits. */
export const newCartToken = (): string => randomBytes(32).toString('base64url');

/** What the database keeps of a token, so that its rows are of no use to who reads them. */
export const hashOfToken = (token: string): Uint8Array => createHash('sha256').update(token).digest();

/** The owner's `user_id` and `token_hash`, of which one is null. */
export const ownerKeys = (owner: CartOwner): { userId: string | null; tokenHash: Uint8Array | null } =>
  'userId' in owner
    ? { userId: owner.userId, tokenHash: null }
    : { userId: null, tokenHash: hashOfToken(owner.token) };

/** That a cart, `c`, is the owner's. */
export const isOwnedBy = (owner: CartOwner): Sql =>
  'userId' in owner
    ? sql`c.user_id = ${owner.userId}::uuid`
    : sql`c.token_hash = ${hashOfToken(owner.token)}::bytea`;
