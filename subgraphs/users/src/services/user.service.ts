import { join, type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { PrismaClient, Role, User } from '@tributary/prisma/users/client';
import { fetchPage, InputError, type Page, type PageRequest } from '@tributary/subgraph-kit';
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

const SEARCH_LENGTH = { min: 3, max: 200 }; // characters: a trigram index serves no fewer than three

export function createUserService(prisma: PrismaClient): UserService {
  return {
    async list(criteria, sort, page) {
      const order = userOrder(sort.field, sort.direction);
      return fetchPage(
        prisma,
        { columns: USER_COLUMNS, from: sql`users u`, where: conditions(criteria), order },
        page,
      );
    },
    async count(criteria) {
      const where = conditions(criteria);
      const rows = await prisma.$queryRaw<{ count: bigint }[]>(
        sql`SELECT count(*) FROM users u WHERE ${join([sql`true`, ...where], ' AND ')}`,
      );
      return Number(rows[0]?.count);
    },
  };
}

function conditions({ role, search }: UserCriteria): Sql[] {
  const where: Sql[] = [];
  if (role) where.push(sql`u.role = ${role}::"Role"`);
  if (search !== null && search !== undefined) {
    const pattern = containing(checkedSearch(search));
    where.push(sql`(u.display_name ILIKE ${pattern} OR u.email ILIKE ${pattern})`);
  }
  return where;
}

function checkedSearch(search: string): string {
  const text = search.trim();
  const { length } = [...text]; // in characters, however many UTF-16 units they take
  if (length < SEARCH_LENGTH.min) {
    throw new InputError(
      'INVALID_ARGUMENT',
      'filter.search',
      `Search for at least ${SEARCH_LENGTH.min} characters.`,
    );
  }
  if (length > SEARCH_LENGTH.max) {
    throw new InputError(
      'TEXT_TOO_LONG',
      'filter.search',
      `Search for at most ${SEARCH_LENGTH.max} characters.`,
    );
  }
  return text;
}

/** An ILIKE pattern for text anywhere, with the text's own wildcards taken literally. */
const containing = (text: string): string => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
