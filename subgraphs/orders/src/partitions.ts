import { auditLog, type MonthlyTables, uuidV7Key } from '@tributary/subgraph-kit';
import type { Settings } from './config.ts';

/** The tables that are partitioned by month: orders with what belongs to them, and the audit log. */
export const partitionsOf = ({
  ORDERS_ARCHIVE_AFTER_MONTHS,
  AUDIT_ARCHIVE_AFTER_MONTHS,
}: Pick<Settings, 'ORDERS_ARCHIVE_AFTER_MONTHS' | 'AUDIT_ARCHIVE_AFTER_MONTHS'>): MonthlyTables[] => [
  {
    tables: [
      { name: 'orders', column: 'id' },
      { name: 'order_lines', column: 'order_id' },
      { name: 'order_events', column: 'order_id' },
      { name: 'payments', column: 'order_id' },
    ],
    key: uuidV7Key,
    archiveAfterMonths: ORDERS_ARCHIVE_AFTER_MONTHS,
    inUse: IN_USE,
  },
  auditLog(AUDIT_ARCHIVE_AFTER_MONTHS),
];

/** Orders that are not at their end, or whose money is not: the shop has something to do with them. */
const IN_USE = `status IN ('PENDING_PAYMENT', 'PAID', 'FULFILLED') OR EXISTS (
  SELECT FROM payments p WHERE p.order_id = id
    AND (p.refunded_minor < p.refund_wanted_minor OR p.status IN ('PENDING', 'PROCESSING')))`;
