import type { __Type__ } from '@tributary/prisma/__name__/client';

/** What the resolvers of `__Type__` start from. */
export type __Type__Parent = __Type__;
