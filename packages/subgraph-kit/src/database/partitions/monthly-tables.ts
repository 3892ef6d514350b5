import { type PartitionKey, timeKey } from './partition-key.ts';

/** A table that is partitioned by month. */
export interface MonthlyTable {
  /** Its partitions are `<name>_<yyyy>_<mm>` and `<name>_default`; there is one of the same name in the schema `archive`. */
  name: string;
  /** The column that it is partitioned by. */
  column: string;
}

/**
 * Tables that are partitioned by the same months: one, and those whose rows belong to its rows. The database has the function
 * `refer_to_month(partition, partition of the first table)` for these, and `keep_append_only(partition)` where it is needed.
 */
export interface MonthlyTables {
  /** First the one that the others refer to. */
  tables: readonly [MonthlyTable, ...MonthlyTable[]];
  key: PartitionKey;
  /** Whether partitions get the triggers that refuse changes. */
  appendOnly?: boolean;
  /** Months that are left alone, beside the present one; what is older goes to the archive. Without it, nothing does. */
  archiveAfterMonths?: number | undefined;
  /** SQL of a condition on rows of the first table: a month with such a row is not archived yet. */
  inUse?: string;
}

/**
 * The audit log of a service.
 *
 * @param archiveAfterMonths - months that stay in the table, beside the present one; without it, all do
 */
export const auditLog = (archiveAfterMonths?: number): MonthlyTables => ({
  tables: [{ name: 'audit_log', column: 'at' }],
  key: timeKey,
  appendOnly: true,
  archiveAfterMonths,
});
