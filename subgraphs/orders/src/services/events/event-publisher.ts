/** That an order took a step: ids and facts. The rest is asked of the graph by those who may know. */
export interface OrderStatusChanged {
  orderId: string;
  userId: string;
  /** Null when it was placed. */
  from: string | null;
  to: string;
  /** RFC 3339. */
  at: string;
}

/** Tells the other processes what happened. */
export interface EventPublisher {
  /** @throws when it cannot be told now */
  orderStatusChanged(event: OrderStatusChanged): Promise<void>;
}

/** Channel of Redis on which the steps of all orders are told. */
export const ORDER_STATUS_CHANGED = 'tributary:events:orderStatusChanged';
