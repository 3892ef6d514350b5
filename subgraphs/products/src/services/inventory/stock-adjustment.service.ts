import { createHash } from 'node:crypto';
import { sqltag as sql } from '@prisma/client/runtime/client';
import type { PrismaClient } from '@tributary/prisma/products/client';
import {
  type AuditTrail,
  checkInput,
  notFound,
  Refusal,
  text,
  type UserError,
  validationError,
} from '@tributary/subgraph-kit';
import { z } from 'zod';
import { idempotencyKeyReused, insufficientStock } from './stock-errors.ts';
import { joinedVariant, joinVariant, type VariantColumns } from './variant-join.ts';

/** Pieces that somebody counted. */
export interface AdjustmentInput {
  /** Uuid; null where the client's id is none of a variant. */
  variantId: string | null;
  /** Pieces that came, or, negative, that went. */
  delta: number;
  reason: string;
  idempotencyKey: string;
}

/** What a change of stock led to. */
export interface Adjustment {
  variantId: string;
  /** Pieces right after the change. */
  onHandAfter: number;
}

/** Counts pieces in and out of the warehouse. */
export interface StockAdjustmentService {
  /**
   * Changes the stock of a variant, once for each key of an actor.
   *
   * @param actorId - uuid of who counted
   * @throws Refusal when the input is wrong, the variant is unknown, pieces would be missing that are promised to
   * orders, or the key was used for another request
   */
  adjust(actorId: string, input: AdjustmentInput, audit: AuditTrail): Promise<Adjustment>;
}

const inputSchema = z.object({
  variantId: z.string().nullable(),
  delta: z.number().refine((delta) => delta !== 0, 'Nothing would change.'),
  reason: text({ max: 500 }),
  idempotencyKey: text({ max: 200 }),
});

/** The row of `inventory_adjust`, with the variant. */
interface AdjustRow extends VariantColumns {
  outcome: 'ADJUSTED' | 'REPEATED' | 'KEY_REUSED' | 'NOT_FOUND' | 'INSUFFICIENT_STOCK' | 'TOO_MANY';
  onHandAfter: number;
  available: number;
}

export const createStockAdjustmentService = (prisma: PrismaClient): StockAdjustmentService => ({
  async adjust(actorId, input, audit) {
    const { variantId, delta, reason, idempotencyKey } = checkInput(inputSchema, input);
    if (variantId === null) throw new Refusal(notFound(['variantId']));
    const hash = createHash('sha256')
      .update(JSON.stringify([variantId, delta, reason]))
      .digest();
    return prisma.$transaction(async (tx) => {
      const [row] = await tx.$queryRaw<AdjustRow[]>(sql`
        SELECT a.outcome, a.on_hand_after AS "onHandAfter", a.available, variant.*
        FROM inventory_adjust(
          ${variantId}::uuid, ${delta}::integer, ${reason}, ${actorId}::uuid, ${idempotencyKey}, ${hash}::bytea
        ) a ${joinVariant(sql`${variantId}::uuid`)}`);
      if (!row) throw new Error('inventory_adjust answered nothing');
      if (row.outcome === 'ADJUSTED') {
        await audit.record(tx, {
          action: 'inventory.adjust',
          subjectType: 'ProductVariant',
          subjectId: variantId,
          details: { delta, onHand: row.onHandAfter },
        });
      } else if (row.outcome !== 'REPEATED') {
        throw new Refusal(refusalOf(row.outcome, row));
      }
      return { variantId, onHandAfter: row.onHandAfter };
    });
  },
});

function refusalOf(
  outcome: Exclude<AdjustRow['outcome'], 'ADJUSTED' | 'REPEATED'>,
  row: AdjustRow,
): UserError {
  switch (outcome) {
    case 'KEY_REUSED':
      return idempotencyKeyReused(['idempotencyKey']);
    case 'NOT_FOUND':
      return notFound(['variantId']);
    case 'INSUFFICIENT_STOCK':
      return insufficientStock(joinedVariant(row), row.available, ['delta']);
    case 'TOO_MANY':
      return validationError(['delta'], 'There would be more than 2,147,483,647 pieces.');
  }
}
