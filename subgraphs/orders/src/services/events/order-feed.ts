import type { NewJob } from '@tributary/jobs';
import type { EventBus } from '@tributary/platform';
import { type ChangeFeed, createChangeFeed } from '@tributary/subgraph-kit';
import { z } from 'zod';

/** That an order took a step: ids and facts. The rest is asked of the graph by those who may know. */
const orderStatusChanged = z.object({
  orderId: z.uuid(),
  userId: z.uuid(),
  /** Null when it was placed. */
  from: z.string().nullable(),
  to: z.string(),
  /** RFC 3339. */
  at: z.iso.datetime(),
});
export type OrderStatusChanged = z.infer<typeof orderStatusChanged>;

/** Topic of the steps of all orders. */
const TOPIC = 'orderStatusChanged';

/** The job that tells of a step; it goes into the transaction that takes the step. */
export const tellOfStep = (event: OrderStatusChanged): NewJob => ({ task: 'event.publish', payload: event });

/**
 * Tells all processes of a step.
 *
 * @param payload - of the job of `tellOfStep`
 * @throws ZodError when it is none; or when it cannot be told now
 */
export const publishStep = (bus: EventBus, payload: unknown): Promise<void> =>
  bus.publish(TOPIC, orderStatusChanged.parse(payload));

/** Wakes those who watch an order, by its uuid, or a user's orders, by the user's. The subject is the order. */
export const createOrderFeed = (bus: EventBus): ChangeFeed =>
  createChangeFeed(bus, TOPIC, (event) => {
    const { orderId, userId } = orderStatusChanged.parse(event);
    return [
      { key: orderId, subject: orderId },
      { key: userId, subject: orderId },
    ];
  });
