import { deadJobs, type RetainedTable } from '@tributary/subgraph-kit';
import type { Settings } from './config.ts';

/** The tables that are pruned, in the order in which they are gone through. */
export const retentionOf = (settings: Pick<Settings, 'DEAD_JOB_RETENTION_DAYS'>): RetainedTable[] => [
  deadJobs(settings.DEAD_JOB_RETENTION_DAYS),
];
