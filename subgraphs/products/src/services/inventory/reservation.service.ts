import { sqltag as sql } from '@prisma/client/runtime/client';
import type { PrismaClient } from '@tributary/prisma/products/client';
import { type CurrencyCode, notFound, Refusal, type UserError } from '@tributary/subgraph-kit';
import type { Variant } from '../variant.rows.ts';
import { checkReservation, type ReservationInput, refuseAny, variantNotFound } from './reservation-input.ts';
import { idempotencyKeyReused, insufficientStock } from './stock-errors.ts';
import { joinedVariant, joinVariant, type VariantColumns } from './variant-join.ts';

/** Pieces of a variant that are kept for an order, as they were sold when they were reserved first. */
export interface ReservedLine {
  /** Null once it no longer exists. */
  variant: Variant | null;
  sku: string;
  title: string;
  quantity: number;
  unitPriceMinor: bigint;
  currency: CurrencyCode;
}

export interface Reservation {
  /** In the order in which they were asked for. */
  lines: ReservedLine[];
  /** Null once it is confirmed. */
  expiresAt: Date | null;
}

/**
 * Keeps stock for orders. Each command is one statement, a function of the database, and can be repeated: it is keyed
 * by the order's uuid, which is null where the caller's id is none of an order.
 */
export interface ReservationService {
  /**
   * Holds all lines, or none.
   *
   * @throws Refusal when the input is wrong, a variant is not on sale or short, the order has other lines, or its
   * reservation was closed
   */
  reserve(input: ReservationInput): Promise<Reservation>;
  /**
   * Takes what is held out of stock for good.
   *
   * @throws Refusal when nothing was reserved, it was closed, or it expired and the stock is gone
   */
  confirm(orderId: string | null): Promise<'CONFIRMED'>;
  /**
   * Closes a reservation, and puts back what it held or had taken; also one that is not there yet.
   *
   * @throws Refusal when the id is none of an order
   */
  release(orderId: string | null): Promise<'RELEASED'>;
  /**
   * Gives back what is held past its time.
   *
   * @param limit - how many orders at most
   * @returns how many they were
   */
  expire(limit: number): Promise<number>;
}

const ORDER = ['orderId'];

/** A row of `inventory_reserve`, with the variant that it is about. */
interface ReserveRow extends VariantColumns {
  outcome: 'HELD' | 'CONFIRMED' | 'NOT_FOUND' | 'INSUFFICIENT_STOCK' | 'CLOSED' | 'OTHER_LINES';
  /** Uuid of the variant, whether it exists or not. */
  wantedId: string;
  line: number;
  available: number;
  expiresAt: Date | null;
  quantity: number;
  soldSku: string;
  soldTitle: string;
  unitPriceMinor: bigint;
  soldCurrency: CurrencyCode;
}

/** A row of `inventory_confirm`, with the variant that it is about. */
interface ConfirmRow extends VariantColumns {
  outcome: 'CONFIRMED' | 'NOT_FOUND' | 'CLOSED' | 'INSUFFICIENT_STOCK';
  available: number;
}

export const createReservationService = (prisma: PrismaClient): ReservationService => ({
  async reserve(input) {
    const { orderId, expiresInSeconds, variantIds, quantities } = checkReservation(input);
    const rows = await prisma.$queryRaw<ReserveRow[]>(sql`
      SELECT r.outcome, r.variant_id AS "wantedId", r.position AS line, r.available, r.expires_at AS "expiresAt", r.quantity, r.sku AS "soldSku",
        r.title AS "soldTitle", r.unit_price_minor AS "unitPriceMinor", r.currency AS "soldCurrency", variant.*
      FROM inventory_reserve(
        ${orderId}::uuid, ${expiresInSeconds}::integer, ${variantIds}::uuid[], ${quantities}::integer[]
      ) r ${joinVariant(sql`r.variant_id`)}`);
    refuseAny(rows.flatMap(reserveError));
    // Asked again, the rows come in the order of the first time.
    const byVariant = new Map(rows.map((row) => [row.wantedId, toLine(row)]));
    return {
      lines: variantIds.flatMap((id) => byVariant.get(id) ?? []),
      expiresAt: rows[0]?.expiresAt ?? null,
    };
  },

  async confirm(orderId) {
    if (orderId === null) throw new Refusal(notFound(ORDER));
    const rows = await prisma.$queryRaw<ConfirmRow[]>(sql`
      SELECT r.outcome, r.available, variant.*
      FROM inventory_confirm(${orderId}::uuid) r ${joinVariant(sql`r.variant_id`)}`);
    refuseAny(rows.flatMap(confirmError));
    return 'CONFIRMED';
  },

  async release(orderId) {
    if (orderId === null) throw new Refusal(notFound(ORDER));
    await prisma.$executeRaw(sql`SELECT FROM inventory_release(${orderId}::uuid)`);
    return 'RELEASED';
  },

  async expire(limit) {
    const [row] = await prisma.$queryRaw<{ count: number }[]>(
      sql`SELECT inventory_expire(${limit}::integer) AS count`,
    );
    return row?.count ?? 0;
  },
});

const closed = (): UserError => notFound(ORDER, 'This reservation is closed.');

function reserveError(row: ReserveRow): UserError[] {
  switch (row.outcome) {
    case 'HELD':
    case 'CONFIRMED':
      return [];
    case 'NOT_FOUND':
      return [variantNotFound(row.line)];
    case 'INSUFFICIENT_STOCK':
      return [insufficientStock(joinedVariant(row), row.available, ['lines', String(row.line), 'quantity'])];
    case 'CLOSED':
      return [closed()];
    case 'OTHER_LINES':
      return [idempotencyKeyReused(ORDER)];
  }
}

function confirmError(row: ConfirmRow): UserError[] {
  switch (row.outcome) {
    case 'CONFIRMED':
      return [];
    case 'NOT_FOUND':
      return [notFound(ORDER, 'Nothing was reserved for this order.')];
    case 'CLOSED':
      return [closed()];
    case 'INSUFFICIENT_STOCK':
      return [insufficientStock(joinedVariant(row), row.available)];
  }
}

const toLine = (row: ReserveRow): ReservedLine => ({
  variant: joinedVariant(row),
  sku: row.soldSku,
  title: row.soldTitle,
  quantity: row.quantity,
  unitPriceMinor: row.unitPriceMinor,
  currency: row.soldCurrency,
});
