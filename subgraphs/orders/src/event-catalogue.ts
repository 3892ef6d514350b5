import { amount, type EventCatalogue, eventCatalogue } from '@tributary/domain-events';
import { z } from 'zod';

const status = z.enum(['PENDING_PAYMENT', 'PAID', 'FULFILLED', 'DELIVERED', 'CANCELLED', 'REFUNDED']);

const order = z.object({
  orderId: z.uuid(),
  /** What people call it by. */
  number: z.string().regex(/^TR(-[0-9A-HJKMNP-TV-Z]{4}){2}$/),
  userId: z.uuid(),
  total: amount,
});

const placed = order.extend({
  lines: z.array(
    z.object({
      variantId: z.uuid(),
      sku: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._/-]*$/),
      quantity: z.int().min(1),
      unitPrice: amount,
    }),
  ),
});

const step = (summary: string) => ({ entity: 'order', summary, data: order.extend({ from: status }) });
const payment = z.object({ orderId: z.uuid(), amount });

/** What other systems are told of orders and their money. The triggers of the migrations write it down. */
export const EVENT_CATALOGUE: EventCatalogue = eventCatalogue('orders', {
  'order.placed.v1': { entity: 'order', summary: 'Somebody has placed an order.', data: placed },
  'order.paid.v1': step('An order is paid; it can be sent.'),
  'order.fulfilled.v1': step('An order has left the house.'),
  'order.delivered.v1': step('An order has arrived.'),
  'order.cancelled.v1': step('An order was cancelled; what was paid goes back.'),
  'order.refunded.v1': step('An order was taken back; what was paid goes back.'),
  'payment.captured.v1': {
    entity: 'order',
    summary: 'Money for an order has come.',
    data: payment.extend({ byHand: z.boolean().describe('It came past the payment provider.') }),
  },
  'payment.refunded.v1': {
    entity: 'order',
    summary: 'Money for an order has been given back.',
    data: payment,
  },
  'payment.failed.v1': { entity: 'order', summary: 'The payment of an order has failed.', data: payment },
});
