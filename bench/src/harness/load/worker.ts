import { drive } from './drive.ts';
import { flood } from './flood.ts';
import type { LoadOrder, LoadReply } from './protocol.ts';

/** The load generator's process: carries out one order after the other, and ends with its parent. */
process.on('message', async (order: LoadOrder) => {
  process.send?.(await carryOut(order));
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches it too; the parent decides when it ends.
process.on('SIGINT', () => undefined);

const carryOut = (order: LoadOrder): Promise<LoadReply> =>
  (order.rate === undefined ? drive(order) : flood({ ...order, rate: order.rate })).then(
    (result) => ({ result }),
    (error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }),
  );
