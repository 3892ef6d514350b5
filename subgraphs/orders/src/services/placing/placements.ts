import { sqltag as sql } from '@prisma/client/runtime/client';
import { addJobs } from '@tributary/jobs';
import type { PrismaClient } from '@tributary/prisma/orders/client';
import { Refusal, userError, uuidV7 } from '@tributary/subgraph-kit';

/** A try at placing an order. */
export interface Placement {
  /** The order that it is to become, or became. */
  orderId: string;
  status: 'STARTED' | 'PLACED';
}

/** What was asked for under which key, and how it stands. */
export interface Placements {
  /**
   * Begins a try; joins the one that is under way, or was when its process died; or finds the one that was placed.
   *
   * @throws Refusal when the key was used for another request
   */
  begin(userId: string, key: string, requestHash: Uint8Array): Promise<Placement>;
  /**
   * Gives a try up, unless it was placed or given up before.
   *
   * @param mayHoldStock - whether something may be reserved for it, for a job to give back
   * @returns whether it was given up by this
   */
  abort(orderId: string, mayHoldStock: boolean): Promise<boolean>;
  /** Has a job give back what may be reserved for a try that another process gave up. */
  release(orderId: string): Promise<void>;
  /** Gives tries up that began more than ten minutes ago: their processes have died. */
  sweep(): Promise<void>;
}

const BATCH = 500; // placements, in one transaction

export const createPlacements = (prisma: PrismaClient): Placements => ({
  async begin(userId, key, requestHash) {
    const [placement] = await prisma.$queryRaw<Placement[]>(sql`
      INSERT INTO placements AS p (user_id, idempotency_key, request_hash, order_id, status)
      VALUES (${userId}::uuid, ${key}, ${requestHash}::bytea, ${uuidV7()}::uuid, 'STARTED')
      ON CONFLICT (user_id, idempotency_key) DO UPDATE SET
        order_id = CASE p.status WHEN 'ABORTED' THEN EXCLUDED.order_id ELSE p.order_id END,
        started_at = CASE p.status WHEN 'ABORTED' THEN EXCLUDED.started_at ELSE p.started_at END,
        status = CASE p.status WHEN 'ABORTED' THEN 'STARTED' ELSE p.status END
      WHERE p.request_hash = EXCLUDED.request_hash
      RETURNING p.order_id AS "orderId", p.status`);
    if (placement) return placement;
    throw new Refusal(
      userError(
        'IdempotencyKeyReusedError',
        'IDEMPOTENCY_KEY_REUSED',
        'This key was used for another request.',
        ['idempotencyKey'],
      ),
    );
  },

  async abort(orderId, mayHoldStock) {
    const update = sql`
      UPDATE placements SET status = 'ABORTED' WHERE order_id = ${orderId}::uuid AND status = 'STARTED'`;
    if (!mayHoldStock) return (await prisma.$executeRaw(update)) === 1;
    return prisma.$transaction(async (tx) => {
      const isAborted = (await tx.$executeRaw(update)) === 1;
      if (isAborted) await addJobs(tx, [releaseJob(orderId)]);
      return isAborted;
    });
  },

  release: (orderId) => addJobs(prisma, [releaseJob(orderId)]),

  async sweep() {
    let found: number;
    do {
      found = await prisma.$transaction(async (tx) => {
        const aborted = await tx.$queryRaw<{ orderId: string }[]>(sql`
          UPDATE placements p SET status = 'ABORTED'
          WHERE p.order_id IN (
            SELECT order_id FROM placements
            WHERE status = 'STARTED' AND started_at < now() - interval '10 minutes'
            LIMIT ${BATCH}::integer FOR UPDATE SKIP LOCKED
          )
          RETURNING p.order_id AS "orderId"`);
        await addJobs(
          tx,
          aborted.map(({ orderId }) => releaseJob(orderId)),
        );
        return aborted.length;
      });
    } while (found === BATCH);
  },
});

const releaseJob = (orderId: string) => ({ task: 'stock.release', payload: { orderId } });
