import type { __Type__, PrismaClient } from '@tributary/prisma/__name__/client';
import { createRowLoader } from '@tributary/subgraph-kit';

export type Loaders = ReturnType<typeof createLoaders>;

/** One loader for each way of looking something up; a set for each request. */
export const createLoaders = (prisma: PrismaClient) => ({
  __field__ById: createRowLoader<__Type__>(
    (ids) => prisma.__field__.findMany({ where: { id: { in: [...ids] } } }),
    (__field__) => __field__.id,
  ),
});
