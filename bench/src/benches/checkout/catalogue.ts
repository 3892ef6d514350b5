import { withClient } from '@tributary/database';

/** What a variant is sold for. */
export interface Offer {
  /** Uuid. */
  variantId: string;
  /** In the currency's smallest unit. */
  priceMinor: number;
}

/** All are sold in it. */
export const CURRENCY = 'USD';

/** Pieces of each variant, more than anybody orders in a run. */
export const STOCK = 1_000_000;

/**
 * Stocks a shop so that nothing is ever short.
 *
 * @param url - connection string of the database with the products
 * @returns what is on sale; shuffled the same way each time, so that neighbours are of different products
 */
export const stockUp = (url: string): Promise<Offer[]> =>
  withClient(url, async (client) => {
    await client.query('UPDATE inventory SET on_hand = $1, reserved = 0', [STOCK]);
    await client.query('VACUUM (ANALYZE) inventory');
    const { rows } = await client.query<Offer>(
      `SELECT v.id AS "variantId", v.price_minor::int AS "priceMinor"
       FROM product_variants v JOIN products p ON p.id = v.product_id JOIN inventory i ON i.variant_id = v.id
       WHERE p.status = 'ACTIVE' AND p.currency = $1 ORDER BY md5(v.id::text)`,
      [CURRENCY],
    );
    return rows;
  });
