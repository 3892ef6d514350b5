import { deadJobs, type RetainedTable, retentionDays } from '@tributary/subgraph-kit';
import type { Settings } from './config.ts';
import { ERASE_TASK } from './services/erasure.service.ts';

/** How long is kept what is of use for a time only. */
export const retentionSettings = {
  SESSION_RETENTION_DAYS: retentionDays({ usual: 30 }).describe(
    'Days that a session stays after its end, for whoever wants to know what happened',
  ),
  EXPORT_RETENTION_DAYS: retentionDays({ usual: 7 }).describe(
    'Days that a user has for fetching an export of their data',
  ),
};

/** The tables that are pruned, in the order in which they are gone through. */
export const retentionOf = ({
  SESSION_RETENTION_DAYS,
  DEAD_JOB_RETENTION_DAYS,
}: Pick<Settings, 'SESSION_RETENTION_DAYS' | 'DEAD_JOB_RETENTION_DAYS'>): RetainedTable[] => [
  {
    table: 'sessions',
    key: ['id'],
    since: 'least(expires_at, revoked_at)',
    days: SESSION_RETENTION_DAYS,
    setting: 'SESSION_RETENTION_DAYS',
  },
  {
    table: 'attempts',
    key: ['key'],
    since: 'expire',
    clock: 'milliseconds',
    days: 0,
    setting: 'SIGN_IN_WINDOW_MINUTES',
  },
  {
    table: 'data_exports',
    key: ['id'],
    since: 'expires_at',
    days: 0,
    setting: 'EXPORT_RETENTION_DAYS',
  },
  // An erasure is owed to a person, however long ago it failed.
  deadJobs(DEAD_JOB_RETENTION_DAYS, [ERASE_TASK]),
];
