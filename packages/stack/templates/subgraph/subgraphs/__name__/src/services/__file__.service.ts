import { sqltag as sql } from '@prisma/client/runtime/client';
import type { __Type__, PrismaClient } from '@tributary/prisma/__name__/client';
import {
  fetchPage,
  type KeysetOrder,
  type Page,
  type PageRequest,
  timestampKey,
  uuidKey,
} from '@tributary/subgraph-kit';

/** Reads __names__. Who may read them is decided by the caller. */
export interface __Type__Service {
  /** The newest first. */
  list(page: PageRequest): Promise<Page<__Type__>>;
}

const COLUMNS = sql`item.id, item.title, item.created_at AS "createdAt", item.updated_at AS "updatedAt"`;

const NEWEST_FIRST: KeysetOrder<__Type__> = {
  name: '__names__',
  direction: 'DESC',
  keys: [
    timestampKey(sql`item.created_at`, (item) => item.createdAt),
    uuidKey(sql`item.id`, (item) => item.id),
  ],
};

export function create__Type__Service(prisma: PrismaClient): __Type__Service {
  const list = { columns: COLUMNS, from: sql`__table__ item`, where: [], order: NEWEST_FIRST };
  return { list: (page) => fetchPage(prisma, list, page) };
}
