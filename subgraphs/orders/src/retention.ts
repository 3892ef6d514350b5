import { deadJobs, type RetainedTable, retentionDays } from '@tributary/subgraph-kit';
import type { Settings } from './config.ts';

/** How long a key of `orderPlace` is good for at least, in days: the schema promises it to clients. */
const KEY_PROMISED_FOR = 30;

/** How long is kept what is of use for a time only. */
export const retentionSettings = {
  CART_RETENTION_DAYS: retentionDays({ usual: 30 }).describe(
    'Days that a cart stays after its last change where nobody signed in; and after it went into a user’s, its token',
  ),
  PLACEMENT_RETENTION_DAYS: retentionDays({ usual: 90, min: KEY_PROMISED_FOR }).describe(
    'Days that an `idempotencyKey` of `orderPlace` is remembered after it was used to place an order',
  ),
  PAYMENT_EVENT_RETENTION_DAYS: retentionDays({ usual: 90, min: 30 }).describe(
    'Days that a webhook of the payment provider is remembered: longer than the provider goes on sending it',
  ),
};

/** The tables that are pruned, in the order in which they are gone through. */
export const retentionOf = (
  settings: Pick<Settings, keyof typeof retentionSettings | 'DEAD_JOB_RETENTION_DAYS'>,
): RetainedTable[] => [
  {
    table: 'carts',
    key: ['id'],
    since: 'updated_at',
    where: 'user_id IS NULL',
    evicts: 'Cart',
    days: settings.CART_RETENTION_DAYS,
    setting: 'CART_RETENTION_DAYS',
  },
  {
    table: 'cart_merges',
    key: ['token_hash'],
    since: 'merged_at',
    days: settings.CART_RETENTION_DAYS,
    setting: 'CART_RETENTION_DAYS',
  },
  {
    table: 'placements',
    key: ['user_id', 'idempotency_key'],
    since: 'started_at',
    // One that is under way is placed or given up first.
    where: "status <> 'STARTED'",
    days: settings.PLACEMENT_RETENTION_DAYS,
    setting: 'PLACEMENT_RETENTION_DAYS',
  },
  {
    table: 'payment_events',
    key: ['event_id'],
    since: 'received_at',
    days: settings.PAYMENT_EVENT_RETENTION_DAYS,
    setting: 'PAYMENT_EVENT_RETENTION_DAYS',
  },
  deadJobs(settings.DEAD_JOB_RETENTION_DAYS),
];
