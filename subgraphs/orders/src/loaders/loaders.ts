import type { PrismaClient } from '@tributary/prisma/orders/client';
import { createCartLoaders } from './cart-loaders.ts';
import { createOrderLoaders } from './order-loaders.ts';

export type Loaders = ReturnType<typeof createLoaders>;

/** One loader for each way of looking something up; a set for each request. */
export const createLoaders = (prisma: PrismaClient) => ({
  ...createOrderLoaders(prisma),
  ...createCartLoaders(prisma),
});
