import { sqltag as sql } from '@prisma/client/runtime/client';
import type { PrismaClient } from '@tributary/prisma/orders/client';
import type { Evictions } from '@tributary/subgraph-kit';

/** Removes the carts without an owner that nobody changed for 30 days, and the notes on those merged as long ago. */
export async function sweepCarts(prisma: PrismaClient, evictions: Evictions): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const swept = await tx.$queryRaw<{ id: string }[]>(sql`
      DELETE FROM carts WHERE user_id IS NULL AND updated_at < now() - interval '30 days' RETURNING id`);
    await evictions.add(tx, { entities: { Cart: swept.map(({ id }) => id) } });
  });
  await prisma.$executeRaw(sql`DELETE FROM cart_merges WHERE merged_at < now() - interval '30 days'`);
}
