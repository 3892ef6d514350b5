import { Random } from '../../seed/random.ts';
import { after, DAY_MS, HOUR_MS, MINUTE_MS, TODAY } from '../../seed/time.ts';
import type { OrderStatus } from './tables.ts';

/** One step in an order's life. */
export interface Step {
  from: OrderStatus | null;
  to: OrderStatus;
  /** Who takes it: nobody, when the payment provider or the carrier reports it. */
  by: 'customer' | 'staff' | null;
  reason: string | null;
  at: Date;
}

/** How an order ends, if it gets that far before today. */
export type Outcome =
  | 'delivered'
  | 'never paid'
  | 'cancelled'
  | 'refunded before shipping'
  | 'refunded on the way'
  | 'refunded after delivery';

interface Planned extends Pick<Step, 'to' | 'by'> {
  /** Least and most time since the step before. */
  delay: readonly [number, number];
  reasons?: readonly string[];
}

const PAID: Planned = { to: 'PAID', by: null, delay: [MINUTE_MS, 30 * MINUTE_MS] };
const FULFILLED: Planned = { to: 'FULFILLED', by: 'staff', delay: [1.5 * DAY_MS, 3 * DAY_MS] };
const DELIVERED: Planned = { to: 'DELIVERED', by: null, delay: [3 * DAY_MS, 7 * DAY_MS] };

/** What follows after PENDING_PAYMENT on the way to each outcome. */
const PLANS: Readonly<Record<Outcome, readonly Planned[]>> = {
  delivered: [PAID, FULFILLED, DELIVERED],
  'never paid': [
    { to: 'CANCELLED', by: null, delay: [DAY_MS, DAY_MS], reasons: ['The payment was not received in time'] },
  ],
  cancelled: [
    PAID,
    {
      to: 'CANCELLED',
      by: 'customer',
      delay: [20 * MINUTE_MS, 20 * HOUR_MS],
      reasons: ['Ordered by mistake', 'Changed my mind', 'Found it elsewhere', 'Wrong address'],
    },
  ],
  'refunded before shipping': [
    PAID,
    {
      to: 'REFUNDED',
      by: 'staff',
      delay: [4 * HOUR_MS, 2 * DAY_MS],
      reasons: ['Out of stock at the warehouse', 'The address cannot be delivered to'],
    },
  ],
  'refunded on the way': [
    PAID,
    FULFILLED,
    {
      to: 'REFUNDED',
      by: 'staff',
      delay: [6 * DAY_MS, 12 * DAY_MS],
      reasons: ['Lost by the carrier', 'Returned to sender', 'Refused at the door'],
    },
  ],
  'refunded after delivery': [
    PAID,
    FULFILLED,
    DELIVERED,
    {
      to: 'REFUNDED',
      by: 'staff',
      delay: [2 * DAY_MS, 25 * DAY_MS],
      reasons: ['Arrived damaged', 'Wrong size', 'Not as described', 'Returned within the return period'],
    },
  ],
};

/** How every 25 orders end; the shuffled deck keeps the shares exact however few orders there are. */
const DECK: readonly Outcome[] = [
  ...Array<Outcome>(19).fill('delivered'),
  'never paid',
  'never paid',
  'cancelled',
  'refunded before shipping',
  'refunded on the way',
  'refunded after delivery',
];

/** How the n-th order ends. */
export function outcomeOf(n: number): Outcome {
  const deck = new Random('outcomes', Math.floor(n / DECK.length)).shuffle(DECK);
  return deck[n % DECK.length] as Outcome;
}

/** The steps of an order on the way to its outcome, as far as they have been taken until today. */
export function historyOf(placedAt: Date, outcome: Outcome, random: Random): [Step, ...Step[]] {
  const placed: Step = { from: null, to: 'PENDING_PAYMENT', by: 'customer', reason: null, at: placedAt };
  const steps: [Step, ...Step[]] = [placed];
  let previous = placed;
  for (const { to, by, delay, reasons } of PLANS[outcome]) {
    const at = after(previous.at, delay[0] + random.fraction() * (delay[1] - delay[0]));
    if (at > TODAY) break;
    previous = { from: previous.to, to, by, reason: reasons ? random.pick(reasons) : null, at };
    steps.push(previous);
  }
  return steps;
}
