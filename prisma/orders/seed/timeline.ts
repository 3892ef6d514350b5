import { Random } from '../../seed/random.ts';
import { after, countUntil, FIRST_ORDER, HOUR_MS, later, TODAY } from '../../seed/time.ts';

/** When each order is placed, and which are the demo customer's. */
export interface Timeline {
  /** By the order's number, sorted. */
  placedAt: readonly Date[];
  demoCustomers: ReadonlySet<number>;
  /** Those of the demo customer that are under way today, and so must not be cancelled or refunded before. */
  underWay: ReadonlySet<number>;
}

/** However few orders there are, some are from the last days: the newest is this old, the others follow each other. */
const RECENT = { orders: 12, youngestMs: 8 * HOUR_MS, everyMs: 16 * HOUR_MS };

/** How many of all orders are the demo customer's at least. */
const DEMO_CUSTOMER_ORDERS = 30;

/** Age of an order that is paid, but not sent yet: that takes at least a day and a half. */
const PAID_AGE_MS = 30 * HOUR_MS;

/** Age of an order that has been sent and is not there yet: after three days, before four and a half. */
const FULFILLED_AGE_MS = 107 * HOUR_MS;

/** Plans when the orders are placed: over two years, ever more a day as the shop grows. */
export function makeTimeline(total: number): Timeline {
  const placedAt = Array.from({ length: total }, (_, n) => placedAtOf(n, total));
  const every = Math.floor(total / DEMO_CUSTOMER_ORDERS);
  const regular = placedAt.map((_, n) => n).filter((n) => n % every === 0);
  const underWay = [PAID_AGE_MS, FULFILLED_AGE_MS].map((age) => firstAfter(placedAt, age));
  return {
    placedAt,
    demoCustomers: new Set([...regular, ...underWay, total - 1]),
    underWay: new Set(underWay),
  };
}

function placedAtOf(n: number, total: number): Date {
  const share = (n + new Random('placed at', n).fraction()) / total;
  const span = TODAY.getTime() - RECENT.youngestMs - FIRST_ORDER.getTime();
  const placedAt = after(FIRST_ORDER, span * share ** 0.7);
  const fromEnd = total - 1 - n;
  if (fromEnd >= RECENT.orders) return placedAt;
  const latest = after(TODAY, -RECENT.youngestMs - fromEnd * RECENT.everyMs);
  return later(placedAt, latest);
}

/** Number of the oldest order that is younger than this. */
function firstAfter(placedAt: readonly Date[], ageMs: number): number {
  return countUntil(placedAt, after(TODAY, -ageMs), (moment) => moment);
}
