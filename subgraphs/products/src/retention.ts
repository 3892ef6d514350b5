import { deadJobs, type RetainedTable, retentionDays } from '@tributary/subgraph-kit';
import type { Settings } from './config.ts';

/** How long a key of `inventoryAdjust` and `productsImport` is good for at least, in days: the schema promises it to clients. */
const KEY_PROMISED_FOR = 30;

/** How long is kept what is of use for a time only. */
export const retentionSettings = {
  RESERVATION_RETENTION_DAYS: retentionDays({ usual: 90, min: 30 }).describe(
    'Days that a reservation stays after it was released or expired: longer than anybody asks for it again',
  ),
  INVENTORY_ADJUSTMENT_RETENTION_DAYS: retentionDays({ usual: 3_650, min: KEY_PROMISED_FOR }).describe(
    'Days that is kept who counted which stock in and out; as long as your accounts need it',
  ),
  IMPORT_RETENTION_DAYS: retentionDays({ usual: 365, min: KEY_PROMISED_FOR }).describe(
    'Days that is kept what became of an import after its end; one that counted stock stays as long as that',
  ),
};

/** The tables that are pruned, in the order in which they are gone through. */
export const retentionOf = (
  settings: Pick<Settings, keyof typeof retentionSettings | 'DEAD_JOB_RETENTION_DAYS'>,
): RetainedTable[] => [
  {
    table: 'reservations',
    key: ['order_id'],
    since: 'updated_at',
    // A confirmed one puts its pieces back when the order is given up, however late: orders knows when, and this does not.
    where: "status IN ('RELEASED', 'EXPIRED')",
    dependents: [{ table: 'reservation_lines', column: 'order_id' }],
    days: settings.RESERVATION_RETENTION_DAYS,
    setting: 'RESERVATION_RETENTION_DAYS',
  },
  {
    table: 'inventory_adjustments',
    key: ['id'],
    since: 'at',
    days: settings.INVENTORY_ADJUSTMENT_RETENTION_DAYS,
    setting: 'INVENTORY_ADJUSTMENT_RETENTION_DAYS',
  },
  {
    table: 'import_runs',
    key: ['id'],
    since: 'finished_at',
    where: 'NOT EXISTS (SELECT FROM inventory_adjustments a WHERE a.import_run_id = import_runs.id)',
    days: settings.IMPORT_RETENTION_DAYS,
    setting: 'IMPORT_RETENTION_DAYS',
  },
  deadJobs(settings.DEAD_JOB_RETENTION_DAYS),
];
