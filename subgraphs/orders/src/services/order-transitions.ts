import type { OrderStatus } from '@tributary/prisma/orders/client';

/** In what capacity somebody changes an order. */
export type ActorKind =
  /** Who placed it. */
  | 'customer'
  | 'staff'
  /** Nobody: the payment provider's word, or the time that ran out. */
  | 'system';

/** A step that an order can take, and who may have it taken. */
interface Transition {
  from: OrderStatus;
  to: OrderStatus;
  by: readonly ActorKind[];
}

/** Every step there is. No status is reached twice: the database holds on to that. */
const TRANSITIONS: readonly Transition[] = [
  { from: 'PENDING_PAYMENT', to: 'PAID', by: ['staff', 'system'] },
  { from: 'PENDING_PAYMENT', to: 'CANCELLED', by: ['customer', 'staff', 'system'] },
  { from: 'PAID', to: 'FULFILLED', by: ['staff'] },
  { from: 'PAID', to: 'CANCELLED', by: ['customer', 'staff', 'system'] },
  { from: 'PAID', to: 'REFUNDED', by: ['staff'] },
  { from: 'FULFILLED', to: 'DELIVERED', by: ['staff'] },
  { from: 'FULFILLED', to: 'REFUNDED', by: ['staff'] },
  { from: 'DELIVERED', to: 'REFUNDED', by: ['staff'] },
];

/** The statuses that an order can take next, whoever asks for it. */
export const nextStatuses = (status: OrderStatus): readonly OrderStatus[] =>
  TRANSITIONS.filter(({ from }) => from === status).map(({ to }) => to);

/** The statuses that one kind of actor can have an order take next. */
export const nextStatusesFor = (status: OrderStatus, kind: ActorKind): readonly OrderStatus[] =>
  TRANSITIONS.filter(({ from, by }) => from === status && by.includes(kind)).map(({ to }) => to);

/** The statuses from which one kind of actor can bring an order to another. */
export const statusesBefore = (to: OrderStatus, kind: ActorKind): readonly OrderStatus[] =>
  TRANSITIONS.filter((each) => each.to === to && each.by.includes(kind)).map(({ from }) => from);
