import type { User } from '@tributary/prisma/users/client';
import { unauthenticated } from '@tributary/subgraph-kit';
import type { Context } from '../context.ts';

/**
 * The account of the viewer; null when nobody is signed in, or the user was erased.
 *
 * Who was signed in by another issuer gets one at first sight. Our own issuer signs nobody in without an account,
 * and accounts stay when their users are erased.
 */
export async function accountOfViewer({
  viewer,
  identity,
  loaders,
  profiles,
}: Context): Promise<User | null> {
  if (!viewer || !identity) return null;
  const user = await loaders.userById.load(viewer.userId);
  if (user) return user.erasedAt ? null : user;
  return profiles.admit({ userId: viewer.userId, email: identity.email, name: identity.name });
}

/**
 * The id of the viewer, who has an account.
 *
 * @throws UNAUTHENTICATED when there is none, or no more
 */
export async function signedInUser(context: Context): Promise<string> {
  const user = await accountOfViewer(context);
  if (!user) throw unauthenticated();
  return user.id;
}
