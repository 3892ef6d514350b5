import { sqltag as sql } from '@prisma/client/runtime/client';
import type { PrismaClient } from '@tributary/prisma/users/client';
import {
  createParentLoader,
  emptyPage,
  fetchPages,
  type Page,
  type PageRequest,
} from '@tributary/subgraph-kit';
import { IS_ACTIVE, SESSION_COLUMNS, SESSION_ORDER, type SessionSummary } from '../services/session.rows.ts';

/** Ways of looking up sessions. */
export const createSessionLoaders = (prisma: PrismaClient) => ({
  /** Those that have not ended. */
  sessionsOfUser: createParentLoader<PageRequest, Page<SessionSummary>>(
    (ids, page) =>
      fetchPages(
        prisma,
        { columns: SESSION_COLUMNS, from: sql`sessions s`, where: [IS_ACTIVE], order: SESSION_ORDER },
        { column: sql`s.user_id`, ids },
        page,
      ),
    () => emptyPage(SESSION_ORDER),
  ),
});
