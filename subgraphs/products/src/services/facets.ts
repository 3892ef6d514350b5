import { type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import { allOf, type CurrencyCode, groupBy, type Queryable } from '@tributary/subgraph-kit';
import { PRICE_BOUNDS, priceRangeLabel, priceRangeValue } from './price-ranges.ts';

/** What products can be counted by. */
export const FACET_FIELDS = ['CATEGORY', 'PRICE', 'IN_STOCK'] as const;
export type FacetField = (typeof FACET_FIELDS)[number];

/** How a list of products divides by one of their properties. */
export interface Facet {
  field: FacetField;
  /** The most frequent first. */
  values: readonly FacetValue[];
}

export interface FacetValue {
  /** Of a category, its uuid. */
  value: string;
  label: string;
  /** Number of products. */
  count: number;
}

/** The products to count; the table is `p`, and no product occurs twice. */
export interface FacetSource {
  from: Sql;
  where: readonly Sql[];
}

/** How an empty list divides. */
export const noFacets = (): Facet[] => toFacets([]);

/** A value of a facet as the statement counts it. */
type FacetRow = { parentId: string | null; count: number } & (
  | { field: 'CATEGORY'; value: string; name: string }
  | { field: 'PRICE'; value: CurrencyCode; range: number }
  | { field: 'IN_STOCK'; value: 'true' | 'false' }
);

const MAX_VALUES = 50;

/** How a list divides, in one statement. */
export const fetchFacets = async (db: Queryable, source: FacetSource): Promise<Facet[]> =>
  toFacets(await facetRows(db, source, sql`NULL::uuid`));

/** How the lists of several categories divide, in one statement. */
export async function fetchFacetsOfCategories(
  db: Queryable,
  source: FacetSource,
  categoryIds: readonly string[],
): Promise<{ categoryId: string; facets: Facet[] }[]> {
  const where = [...source.where, sql`p.category_id = ANY (${[...categoryIds]}::uuid[])`];
  const rows = await facetRows(db, { ...source, where }, sql`p.category_id`);
  const byCategory = groupBy(rows, ({ parentId }) => parentId ?? '');
  return categoryIds.map((categoryId) => ({
    categoryId,
    facets: toFacets(byCategory.get(categoryId) ?? []),
  }));
}

const facetRows = (db: Queryable, { from, where }: FacetSource, parent: Sql) =>
  db.$queryRaw<FacetRow[]>(sql`
    WITH matching AS MATERIALIZED (
      SELECT ${parent} AS parent_id, p.id, p.category_id, p.currency
      FROM ${from} WHERE ${allOf(where)}
    ), offers AS MATERIALIZED (
      SELECT m.parent_id, m.id, m.currency, width_bucket(v.price_minor, ${[...PRICE_BOUNDS]}::bigint[]) AS range,
        coalesce(bool_or(i.on_hand > i.reserved), false) AS in_stock
      FROM matching m
      JOIN product_variants v ON v.product_id = m.id
      LEFT JOIN inventory i ON i.variant_id = v.id
      GROUP BY m.parent_id, m.id, m.currency, range
    ), stocked AS (
      SELECT id FROM offers WHERE in_stock GROUP BY id
    )
    SELECT m.parent_id AS "parentId", 'CATEGORY' AS field, c.id::text AS value, c.name, NULL::integer AS range,
      count(*)::integer AS count
    FROM matching m JOIN categories c ON c.id = m.category_id
    GROUP BY m.parent_id, c.id
    UNION ALL
    SELECT o.parent_id, 'PRICE', o.currency::text, NULL, o.range, count(*)::integer
    FROM offers o
    GROUP BY o.parent_id, o.currency, o.range
    UNION ALL
    SELECT m.parent_id, 'IN_STOCK', (s.id IS NOT NULL)::text, NULL, NULL, count(*)::integer
    FROM matching m LEFT JOIN stocked s ON s.id = m.id
    GROUP BY m.parent_id, s.id IS NOT NULL`);

/** All facets, those without values included. */
function toFacets(rows: readonly FacetRow[]): Facet[] {
  const byField = groupBy(rows, ({ field }) => field);
  return FACET_FIELDS.map((field) => ({
    field,
    values: (byField.get(field) ?? []).map(toFacetValue).sort(mostFrequentFirst).slice(0, MAX_VALUES),
  }));
}

function toFacetValue(row: FacetRow): FacetValue {
  const { count } = row;
  switch (row.field) {
    case 'CATEGORY':
      return { value: row.value, label: row.name, count };
    case 'PRICE':
      return {
        value: priceRangeValue(row.value, row.range),
        label: priceRangeLabel(row.value, row.range),
        count,
      };
    case 'IN_STOCK':
      return { value: row.value, label: row.value === 'true' ? 'In stock' : 'Out of stock', count };
  }
}

/** Equally frequent values in an order that stays the same. */
const mostFrequentFirst = (one: FacetValue, other: FacetValue): number =>
  other.count - one.count || one.label.localeCompare(other.label, 'en') || (one.value < other.value ? -1 : 1);
