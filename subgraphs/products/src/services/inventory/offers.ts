import { sqltag as sql } from '@prisma/client/runtime/client';
import type { PrismaClient } from '@tributary/prisma/products/client';
import { InputError } from '@tributary/subgraph-kit';
import { VARIANT_COLUMNS, VARIANT_TABLES, type Variant } from '../variant.rows.ts';

/** What a variant is sold for now. */
export interface VariantOffer {
  variant: Variant;
  /** The product's title, and the variant's where that says more. */
  title: string;
  /** Pieces. */
  available: number;
}

const MAX_OFFERS = 100;

/**
 * What variants are sold for, in one statement.
 *
 * @param ids - uuids; null for what is the id of no variant
 * @returns in the order of the ids, null for those that do not exist
 * @throws InputError when there are too many ids
 */
export async function fetchOffers(
  prisma: PrismaClient,
  ids: readonly (string | null)[],
): Promise<(VariantOffer | null)[]> {
  if (ids.length > MAX_OFFERS) {
    throw new InputError('INVALID_ARGUMENT', 'ids', `Ask for at most ${MAX_OFFERS} variants.`);
  }
  const wanted = ids.filter((id) => id !== null);
  const rows = await prisma.$queryRaw<(Variant & { offerTitle: string; available: number })[]>(sql`
    SELECT offer.* FROM unnest(${wanted}::uuid[]) AS wanted(id) CROSS JOIN LATERAL (
      SELECT ${VARIANT_COLUMNS}, offer_title(p.title, v.title) AS "offerTitle",
        coalesce(i.on_hand - i.reserved, 0) AS available
      FROM ${VARIANT_TABLES} LEFT JOIN inventory i ON i.variant_id = v.id
      WHERE v.id = wanted.id LIMIT 1
    ) offer`);
  const byId = new Map(
    rows.map(({ offerTitle: title, available, ...variant }) => [variant.id, { variant, title, available }]),
  );
  return ids.map((id) => (id === null ? null : (byId.get(id) ?? null)));
}
