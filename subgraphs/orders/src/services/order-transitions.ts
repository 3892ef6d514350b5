import type { OrderStatus } from '@tributary/prisma/orders/client';

/** The statuses that can follow each status; nothing follows the last ones. */
const TRANSITIONS: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  PENDING_PAYMENT: ['PAID', 'CANCELLED'],
  PAID: ['FULFILLED', 'CANCELLED', 'REFUNDED'],
  FULFILLED: ['DELIVERED', 'REFUNDED'],
  DELIVERED: ['REFUNDED'],
  CANCELLED: [],
  REFUNDED: [],
};

/** The statuses that an order can take next. */
export const nextStatuses = (status: OrderStatus): readonly OrderStatus[] => TRANSITIONS[status];
