import { type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { PrismaClient } from '@tributary/prisma/products/client';
import {
  allOf,
  countRows,
  emptyPage,
  fetchPage,
  InputError,
  isCursorOf,
  type ListSource,
  type Page,
  type PageRequest,
  searchText,
} from '@tributary/subgraph-kit';
import { type Facet, fetchFacets, noFacets } from './facets.ts';
import { type ListedProduct, PRODUCT_COLUMNS, type ProductSort, productOrder } from './product.rows.ts';
import { conditionsOf, type ProductCriteria, visible } from './product-criteria.ts';
import { EVERYTHING, hasWord, type Matching, similarTo, withWords } from './product-search.ts';

/** Which products to list, and how. */
export interface ProductQuery {
  search: string | null;
  criteria: ProductCriteria;
  /** Null for the best first in a search, and the newest first otherwise. */
  sort: ProductSort | null;
  /** Whether products that are not on sale are seen; the caller decides. */
  everyStatus: boolean;
}

/** A page of products, with what is known of the whole list when somebody asks. */
export interface ProductList {
  page: Page<ListedProduct>;
  /** Length of the whole list. */
  count(): Promise<number>;
  /** How the whole list divides. */
  facets(): Promise<Facet[]>;
}

/** Reads the catalogue. */
export interface ProductService {
  /** @throws InputError when the query or the page's cursor cannot be used */
  list(query: ProductQuery, page: PageRequest): Promise<ProductList>;
}

export const createProductService = (prisma: PrismaClient): ProductService => ({
  async list(query, request) {
    const sort = sortOf(query);
    const conditions = conditionsOf(query.criteria, query.everyStatus);
    const sourceOf = (matching: Matching): ListSource<ListedProduct> => ({
      columns: sql`${PRODUCT_COLUMNS}, ${matching.relevance} AS relevance`,
      from: matching.from,
      where: [
        ...matching.where,
        ...conditions,
        ...(sort.field === 'PRICE' ? [sql`p.min_price_minor IS NOT NULL`] : []),
      ],
      order: productOrder(`products ${matching.name}`, sort, matching.relevance),
    });
    const listOf = async (source: ListSource<ListedProduct>): Promise<ProductList> => ({
      page: await fetchPage(prisma, source, request),
      count: () => countRows(prisma, source),
      facets: () => fetchFacets(prisma, source),
    });

    if (query.search === null) return listOf(sourceOf(EVERYTHING));
    const text = searchText(query.search, 'search');
    const words = withWords(text);
    const similar = sourceOf(similarTo(text));
    if (!hasWord(text)) return nothing(sourceOf(words));
    // A list goes on as it was begun, even if a product with the very words has come since.
    if (request.cursor !== null && isCursorOf(similar.order, request.cursor)) return listOf(similar);
    const exact = await listOf(sourceOf(words));
    if (request.cursor !== null || !isEmpty(exact.page)) return exact;
    // The words decide, not the filters: nothing in this price range is no reason to show something else.
    const exists = await finds(prisma, words.from, [...words.where, ...visible(query.everyStatus)]);
    return exists ? exact : listOf(similar);
  },
});

function sortOf({ sort, search }: ProductQuery): ProductSort {
  if (sort === null) return { field: search === null ? 'CREATED_AT' : 'RELEVANCE', direction: 'DESC' };
  if (sort.field === 'RELEVANCE' && search === null) {
    throw new InputError('INVALID_ARGUMENT', 'sort.field', 'Only a search can be sorted by relevance.');
  }
  return sort;
}

const nothing = (source: ListSource<ListedProduct>): ProductList => ({
  page: emptyPage(source.order),
  count: async () => 0,
  facets: async () => noFacets(),
});

const isEmpty = <Row>({ rows, hasNextPage, hasPreviousPage }: Page<Row>): boolean =>
  rows.length === 0 && !hasNextPage && !hasPreviousPage;

async function finds(prisma: PrismaClient, from: Sql, where: readonly Sql[]): Promise<boolean> {
  const rows = await prisma.$queryRaw<unknown[]>(sql`SELECT 1 FROM ${from} WHERE ${allOf(where)} LIMIT 1`);
  return rows.length > 0;
}
