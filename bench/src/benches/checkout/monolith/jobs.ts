import { sqltag as sql } from '@prisma/client/runtime/client';
import type { Tasks } from '@tributary/jobs';
import type { Logger } from '@tributary/platform';
import type { PrismaClient } from '@tributary/prisma/orders/client';

/** What follows an order: as in the orders subgraph when it has no payment provider, no mail server and no Redis. */
export const createTasks = (prisma: PrismaClient, logger: Logger): Tasks => ({
  'payment.start': async () => undefined,
  'payment.check': async () => undefined,
  'event.publish': async () => undefined,
  async 'mail.confirmation'(payload) {
    const { orderId } = payload as { orderId: string };
    const order = await prisma.order.findUniqueOrThrow({
      where: { id: orderId },
      include: { lines: { orderBy: { position: 'asc' } } },
    });
    const [customer] = await prisma.$queryRaw<{ email: string; name: string }[]>(
      sql`SELECT email, display_name AS name FROM users WHERE id = ${order.userId}::uuid`,
    );
    const bought = order.lines.map(({ quantity, title, sku }) => `${quantity} × ${title} (${sku})`);
    const text = [`Hello ${customer?.name},`, `we have your order ${order.number}:`, ...bought].join('\n');
    logger.info({ to: customer?.email, number: order.number }, 'a letter');
    logger.debug({ text }, 'its text');
  },
});
