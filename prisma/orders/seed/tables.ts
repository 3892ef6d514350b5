import type { Table } from '../../seed/table.ts';

/** A state of an order; `history.ts` holds which can follow which. */
export type OrderStatus = 'PENDING_PAYMENT' | 'PAID' | 'FULFILLED' | 'DELIVERED' | 'CANCELLED' | 'REFUNDED';

export interface CartRow {
  id: string;
  userId: string;
  currency: string;
  createdAt: Date;
  updatedAt: Date;
}

export interface CartLineRow {
  id: string;
  cartId: string;
  variantId: string;
  quantity: number;
  createdAt: Date;
}

export interface OrderRow {
  id: string;
  number: string;
  userId: string;
  status: OrderStatus;
  currency: string;
  totalMinor: number;
  shipToRecipient: string;
  shipToLine1: string;
  shipToLine2: string | null;
  shipToCity: string;
  shipToRegion: string | null;
  shipToPostalCode: string;
  shipToCountryCode: string;
  placedAt: Date;
  updatedAt: Date;
}

export interface OrderLineRow {
  id: string;
  orderId: string;
  position: number;
  variantId: string;
  sku: string;
  title: string;
  quantity: number;
  unitPriceMinor: number;
}

export interface OrderEventRow {
  id: string;
  orderId: string;
  fromStatus: OrderStatus | null;
  toStatus: OrderStatus;
  actorId: string | null;
  reason: string | null;
  at: Date;
}

/** The money of an order. */
export interface PaymentRow {
  orderId: string;
  status: 'PENDING' | 'SUCCEEDED' | 'CANCELLED';
  currency: string;
  amountMinor: number;
  receivedByHand: boolean;
  capturedMinor: number;
  refundWantedMinor: number;
  refundedMinor: number;
  createdAt: Date;
  updatedAt: Date;
}

export const carts: Table<CartRow> = {
  name: 'carts',
  columns: {
    id: 'uuid',
    userId: 'uuid',
    currency: '"CurrencyCode"',
    createdAt: 'timestamptz',
    updatedAt: 'timestamptz',
  },
};

export const cartLines: Table<CartLineRow> = {
  name: 'cart_lines',
  columns: { id: 'uuid', cartId: 'uuid', variantId: 'uuid', quantity: 'integer', createdAt: 'timestamptz' },
};

export const orders: Table<OrderRow> = {
  name: 'orders',
  columns: {
    id: 'uuid',
    number: 'text',
    userId: 'uuid',
    status: '"OrderStatus"',
    currency: '"CurrencyCode"',
    totalMinor: 'bigint',
    shipToRecipient: 'text',
    shipToLine1: 'text',
    shipToLine2: 'text',
    shipToCity: 'text',
    shipToRegion: 'text',
    shipToPostalCode: 'text',
    shipToCountryCode: 'bpchar',
    placedAt: 'timestamptz',
    updatedAt: 'timestamptz',
  },
};

export const orderLines: Table<OrderLineRow> = {
  name: 'order_lines',
  columns: {
    id: 'uuid',
    orderId: 'uuid',
    position: 'integer',
    variantId: 'uuid',
    sku: 'text',
    title: 'text',
    quantity: 'integer',
    unitPriceMinor: 'bigint',
  },
};

export const orderEvents: Table<OrderEventRow> = {
  name: 'order_events',
  columns: {
    id: 'uuid',
    orderId: 'uuid',
    fromStatus: '"OrderStatus"',
    toStatus: '"OrderStatus"',
    actorId: 'uuid',
    reason: 'text',
    at: 'timestamptz',
  },
};

export const payments: Table<PaymentRow> = {
  name: 'payments',
  columns: {
    orderId: 'uuid',
    status: '"PaymentStatus"',
    currency: '"CurrencyCode"',
    amountMinor: 'bigint',
    receivedByHand: 'boolean',
    capturedMinor: 'bigint',
    refundWantedMinor: 'bigint',
    refundedMinor: 'bigint',
    createdAt: 'timestamptz',
    updatedAt: 'timestamptz',
  },
};
