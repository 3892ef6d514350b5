import { sqltag as sql } from '@prisma/client/runtime/client';
import type { PrismaClient } from '@tributary/prisma/orders/client';
import {
  type Evictions,
  notFound,
  Refusal,
  readPrimary,
  type ServiceClient,
  uuidV7,
  validationError,
} from '@tributary/subgraph-kit';
import { createInventory, type Offer } from '../inventory.ts';
import { insufficientStock } from '../stock-errors.ts';
import { CART_COLUMNS, type CartRow } from './cart.rows.ts';
import { type CartOwner, hashOfToken, isOwnedBy, newCartToken, ownerKeys } from './cart-owner.ts';

/** A cart that something was put into. */
export interface FilledCart {
  cart: CartRow;
  /** The cart's token, if it was made just now for nobody in particular. */
  newToken: string | null;
}

/**
 * Fills carts. Whether there is enough is asked of the products subgraph, and holds for the moment only: nothing is
 * kept back. All throw a `Refusal` with what the customer could act on, and a `ServiceError` when there is no answer
 * from products.
 */
export interface CartService {
  /** The cart of a token. */
  ofToken(token: string): Promise<CartRow | null>;
  /**
   * @param owner - null makes a cart with a new token
   * @param quantity - from 1 to 999
   */
  addLine(
    owner: CartOwner | null,
    variantId: string,
    quantity: number,
    requestId: string,
  ): Promise<FilledCart>;
  /** @param quantity - from 1 to 999 */
  updateLine(owner: CartOwner, lineId: string, quantity: number, requestId: string): Promise<CartRow>;
  removeLine(owner: CartOwner, lineId: string): Promise<CartRow>;
  /**
   * Moves the lines of a token's cart into a user's.
   *
   * @returns the user's cart; null when it was merged before, and the user has no cart any more
   */
  merge(userId: string, token: string): Promise<CartRow | null>;
}

/** A row of the database's function `cart_line_add`. */
interface AddRow {
  outcome: 'ADDED' | 'NO_CART' | 'TOO_MANY_PIECES' | 'TOO_MANY_LINES' | 'SHORT';
  id: string;
  updatedAt: Date;
}

export function createCartService(
  prisma: PrismaClient,
  services: ServiceClient,
  evictions: Evictions,
): CartService {
  const offerOf = async (variantId: string, requestId: string): Promise<Offer | null> =>
    (await createInventory(services, requestId).offers([variantId]))[0] ?? null;
  const evicted = evictions.inStatement('Cart', sql`cart.id`);
  const first = <Row>(rows: readonly Row[]): Row | null => rows[0] ?? null;

  return {
    async ofToken(token) {
      // Who has the token may have another address by now, and is known by nothing else.
      readPrimary();
      return first(
        await prisma.$queryRaw<CartRow[]>(
          sql`SELECT ${CART_COLUMNS} FROM carts c WHERE ${isOwnedBy({ token })}`,
        ),
      );
    },

    async addLine(owner, variantId, quantity, requestId) {
      const offer = await offerOf(variantId, requestId);
      if (!offer?.onSale) throw new Refusal(notFound(['variantId'], 'This is not on sale.'));
      const newToken = owner === null ? newCartToken() : null;
      const { userId, tokenHash } = ownerKeys(owner ?? { token: newToken ?? '' });
      const mayMake = newToken !== null || userId !== null;
      const [row] = await prisma.$queryRaw<AddRow[]>(sql`
        SELECT outcome, cart_id AS id, changed_at AS "updatedAt",
          CASE outcome WHEN 'ADDED' THEN ${evictions.inStatement('Cart', sql`cart_id`)} END AS eviction
        FROM cart_line_add(
          ${userId}::uuid, ${tokenHash}::bytea, ${mayMake}::boolean, ${uuidV7()}::uuid, ${uuidV7()}::uuid,
          ${variantId}::uuid, ${quantity}::integer, ${offer.available}::integer
        )`);
      if (!row) throw new Error('cart_line_add answered nothing');
      const { outcome, id, updatedAt } = row;
      if (outcome !== 'ADDED') throw refusalOf(outcome, variantId, offer);
      return { cart: { id, updatedAt, userId }, newToken };
    },

    async updateLine(owner, lineId, quantity, requestId) {
      const line = first(
        await prisma.$queryRaw<{ variantId: string }[]>(sql`
          SELECT l.variant_id AS "variantId" FROM cart_lines l JOIN carts c ON c.id = l.cart_id
          WHERE l.id = ${lineId}::uuid AND ${isOwnedBy(owner)}`),
      );
      if (!line) throw noSuchLine();
      const offer = await offerOf(line.variantId, requestId);
      if (!offer?.onSale) throw new Refusal(notFound(['lineId'], 'This is not on sale any more.'));
      if (quantity > offer.available)
        throw new Refusal(insufficientStock(line.variantId, offer.available, ['quantity']));
      return changedCart(
        await prisma.$queryRaw<CartRow[]>(sql`
          WITH cart AS (${lockAndTouch(owner, lineId)})
          UPDATE cart_lines l SET quantity = ${quantity}::integer FROM cart
          WHERE l.id = ${lineId}::uuid AND l.cart_id = cart.id
          RETURNING cart.*, ${evicted} AS eviction`),
      );
    },

    removeLine: async (owner, lineId) =>
      changedCart(
        await prisma.$queryRaw<CartRow[]>(sql`
          WITH cart AS (${lockAndTouch(owner, lineId)})
          DELETE FROM cart_lines l USING cart
          WHERE l.id = ${lineId}::uuid AND l.cart_id = cart.id
          RETURNING cart.*, ${evicted} AS eviction`),
      ),

    merge: (userId, token) =>
      prisma.$transaction(async (tx) => {
        // The subquery sees what was there before.
        const [row] = await tx.$queryRaw<{ outcome: 'MERGED' | 'NO_CART'; mergedId: string | null }[]>(sql`
          SELECT cart_merge(${userId}::uuid, ${hashOfToken(token)}::bytea, ${uuidV7()}::uuid) AS outcome,
            (SELECT c.id FROM carts c WHERE ${isOwnedBy({ token })}) AS "mergedId"`);
        if (row?.outcome !== 'MERGED') throw new Refusal(notFound(['cartToken'], 'There is no such cart.'));
        const cart = first(
          await tx.$queryRaw<CartRow[]>(
            sql`SELECT ${CART_COLUMNS} FROM carts c WHERE ${isOwnedBy({ userId })}`,
          ),
        );
        if (row.mergedId !== null)
          await evictions.add(tx, { entities: { Cart: [row.mergedId, cart?.id ?? null] } });
        return cart;
      }),
  };
}

/** Locks the cart of a line before the line itself, as everything does that changes both. */
const lockAndTouch = (owner: CartOwner, lineId: string) => sql`
  UPDATE carts c SET updated_at = cart_time_after(c.updated_at)
  WHERE c.id = (SELECT l.cart_id FROM cart_lines l WHERE l.id = ${lineId}::uuid) AND ${isOwnedBy(owner)}
  RETURNING ${CART_COLUMNS}`;

const noSuchLine = () => new Refusal(notFound(['lineId']));

/** @throws Refusal when the line went away meanwhile, or is in somebody else's cart */
function changedCart([cart]: readonly CartRow[]): CartRow {
  if (!cart) throw noSuchLine();
  const { id, userId, updatedAt } = cart;
  return { id, userId, updatedAt };
}

function refusalOf(outcome: Exclude<AddRow['outcome'], 'ADDED'>, variantId: string, offer: Offer): Refusal {
  switch (outcome) {
    case 'NO_CART':
      return new Refusal(notFound(['cartToken'], 'There is no such cart.'));
    case 'TOO_MANY_PIECES':
      return new Refusal(validationError(['quantity'], 'A line can have at most 999 pieces.'));
    case 'TOO_MANY_LINES':
      return new Refusal(validationError(['variantId'], 'A cart can have at most 100 lines.'));
    case 'SHORT':
      return new Refusal(insufficientStock(variantId, offer.available, ['quantity']));
  }
}
