import { sqltag as sql } from '@prisma/client/runtime/client';
import type { Address, PrismaClient, User } from '@tributary/prisma/users/client';
import {
  createParentLoader,
  createRowLoader,
  emptyPage,
  fetchPages,
  type Page,
  type PageRequest,
} from '@tributary/subgraph-kit';
import { ADDRESS_COLUMNS, ADDRESS_ORDER } from '../services/user.rows.ts';
import { createDataExportLoaders } from './data-export-loaders.ts';
import { createSessionLoaders } from './session-loaders.ts';

export type Loaders = ReturnType<typeof createLoaders>;

/** One loader for each way of looking something up; a set for each request. */
export const createLoaders = (prisma: PrismaClient) => ({
  ...createDataExportLoaders(prisma),
  ...createSessionLoaders(prisma),
  userById: createRowLoader<User>(
    (ids) => prisma.user.findMany({ where: { id: { in: [...ids] } } }),
    (user) => user.id,
  ),
  addressById: createRowLoader<Address>(
    (ids) => prisma.address.findMany({ where: { id: { in: [...ids] } } }),
    (address) => address.id,
  ),
  addressesOfUser: createParentLoader<PageRequest, Page<Address>>(
    (ids, page) =>
      fetchPages(
        prisma,
        { columns: ADDRESS_COLUMNS, from: sql`addresses a`, where: [], order: ADDRESS_ORDER },
        { column: sql`a.user_id`, ids },
        page,
      ),
    () => emptyPage(ADDRESS_ORDER),
  ),
});
