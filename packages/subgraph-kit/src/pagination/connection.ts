import { toCursor } from './cursor.ts';
import type { Page } from './fetch-page.ts';

/** A Relay connection without its extras; GraphQL resolves the rest from it. */
export interface Connection<Row> {
  edges: { cursor: string; node: Row }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

/** A page in the form of the Relay Cursor Connections Specification. */
export function toConnection<Row>({ rows, order, hasNextPage, hasPreviousPage }: Page<Row>): Connection<Row> {
  const edges = rows.map((node) => ({ cursor: toCursor(order, node), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage,
      hasPreviousPage,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** A connection with `totalCount`; GraphQL calls the function only when the field is selected. */
export interface CountedConnection<Row> extends Connection<Row> {
  totalCount: () => Promise<number>;
}
