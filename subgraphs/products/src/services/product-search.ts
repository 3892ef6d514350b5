import { type Sql, sqltag as sql } from '@prisma/client/runtime/client';

/** A way to choose products by text; the table is `p`. */
export interface Matching {
  /** Part of the cursor: a list goes on in the way it was begun. */
  name: 'all' | 'words' | 'similar';
  from: Sql;
  where: readonly Sql[];
  /** How well a product fits, in millionths. */
  relevance: Sql;
}

/** Products that nobody searched for. */
export const EVERYTHING: Matching = {
  name: 'all',
  from: sql`products p`,
  where: [],
  relevance: sql`0`,
};

/** PostgreSQL full text search, in the syntax of web search engines: `"a phrase"`, `or`, `-without`. */
export function withWords(text: string): Matching {
  const query = sql`websearch_to_tsquery('english', ${text}::text)`;
  return {
    name: 'words',
    from: sql`products p`,
    where: [sql`p.search @@ ${query}`],
    relevance: sql`(ts_rank(p.search, ${query}) * 1e6)::integer`,
  };
}

/** Titles with nearly this text in them, for typing errors. */
export const similarTo = (text: string): Matching => ({
  name: 'similar',
  from: sql`products p JOIN similar_products(${text}::text) s ON s.id = p.id`,
  where: [],
  relevance: sql`s.relevance`,
});

/** Whether there is anything to look for: punctuation and pictures alone are no words. */
export const hasWord = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);
