import { resolve } from 'node:path';
import { type Environment, loadConfig, StartupError } from '@tributary/platform';
import { z } from 'zod';
import type { DatabaseSource } from '../database-url.ts';

/** Settings of `npm run backup` and `npm run restore`. */
export const backupSettings = z.object({
  BACKUP_DIR: z
    .string()
    .optional()
    .describe(
      'Folder of the base backups and the log of one PostgreSQL server; on another disk than its data',
    ),
  BACKUP_SERVER_URL: z
    .string()
    .optional()
    .describe(
      'The PostgreSQL server that is backed up, past a connection pooler, with a user that has REPLICATION',
    ),
  BACKUP_KEEP: z.coerce.number().int().min(1).default(7).describe('Base backups that are kept'),
  BACKUP_POSTGRES_BIN: z
    .string()
    .optional()
    .describe(
      'Folder of PostgreSQL’s programs, of the server’s major version. Default: where packages install them, then the PATH',
    ),
});

/** What a command on backups works with. */
export interface BackupOptions {
  /** The folder of all backups of a server. */
  dir: string;
  /** How many base backups are kept. */
  keep: number;
  /** Folder of PostgreSQL's programs; undefined where it is to be found. */
  bin: string | undefined;
}

/**
 * Reads the settings of a command on backups.
 *
 * @throws StartupError naming the setting
 */
export function backupOptions(env: Environment): BackupOptions {
  const { BACKUP_DIR: dir, BACKUP_KEEP: keep, BACKUP_POSTGRES_BIN: bin } = loadConfig(backupSettings, env);
  if (dir === undefined) throw new StartupError('BACKUP_DIR: is required: the folder of the backups');
  return { dir: resolve(dir), keep, bin };
}

/**
 * The server to back up.
 *
 * @throws StartupError naming the setting
 */
export function backupServer(env: Environment): DatabaseSource {
  const setting = 'BACKUP_SERVER_URL';
  const url = loadConfig(backupSettings, env)[setting];
  if (url === undefined)
    throw new StartupError(
      `${setting}: is required: postgresql://user:password@host:5432/postgres of the server to back up`,
    );
  return { url, setting };
}
