import { type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { PrismaClient, Role, User } from '@tributary/prisma/users/client';
import { countRows, fetchPage, type Page, type PageRequest, searchText } from '@tributary/subgraph-kit';
import { USER_COLUMNS, type UserSortField, userOrder } from './user.rows.ts';

/** Which users to list; all conditions must hold. */
export interface UserCriteria {
  role?: Role | null | undefined;
  /** Part of the name or the e-mail address. */
  search?: string | null | undefined;
}

/** Reads users. Who may read them is decided by the caller. */
export interface UserService {
  /** @throws InputError when a criterion cannot be used */
  list(
    criteria: UserCriteria,
    sort: { field: UserSortField; direction: 'ASC' | 'DESC' },
    page: PageRequest,
  ): Promise<Page<User>>;
  /** How many users fit. */
  count(criteria: UserCriteria): Promise<number>;
}

const USERS = sql`users u`;

const MIN_SEARCH_LENGTH = 3; // characters: a trigram index serves no fewer

export function createUserService(prisma: PrismaClient): UserService {
  return {
    async list(criteria, sort, page) {
      const order = userOrder(sort.field, sort.direction);
      return fetchPage(
        prisma,
        { columns: USER_COLUMNS, from: USERS, where: conditions(criteria), order },
        page,
      );
    },
    count: async (criteria) => countRows(prisma, { from: USERS, where: conditions(criteria) }),
  };
}

function conditions({ role, search }: UserCriteria): Sql[] {
  const where: Sql[] = [];
  if (role) where.push(sql`u.role = ${role}::"Role"`);
  if (search !== null && search !== undefined) {
    const pattern = containing(searchText(search, 'filter.search', MIN_SEARCH_LENGTH));
    where.push(sql`(u.display_name ILIKE ${pattern} OR u.email ILIKE ${pattern})`);
  }
  return where;
}

/** An ILIKE pattern for text anywhere, with the text's own wildcards taken literally. */
const containing = (text: string): string => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
