import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { z } from 'zod';
import type { DatabaseSource } from '../database-url.ts';
import { BackupError } from './backup-error.ts';
import { libpqEnvironment } from './connection.ts';
import { prune } from './retention.ts';
import { runTool } from './run-tool.ts';
import { type BackupSource, inspectServer, slotState, withServer } from './server.ts';
import type { BackupOptions } from './settings.ts';
import { type BaseBackup, beginBackup, finishBackup, openStoreFor, removeUnfinished } from './store.ts';
import { findTools } from './tools.ts';
import { verifyFiles } from './verify.ts';

/** What a base backup was made of, and what went for it. */
export interface CreatedBackup {
  backup: BaseBackup;
  /** Ids of older ones that are not kept any more. */
  removed: string[];
  /** Whether somebody receives the log: without it, the backup leads to the moment of its end, and no further. */
  receiving: boolean;
}

/** An arbitrary number that means "backing up" among PostgreSQL's advisory locks. */
export const BACKUP_LOCK = 7_310_254_996_118_273n;

/**
 * Makes a base backup, verifies it, and then removes those that are not kept any more.
 *
 * @param progress - hears how much of it is done, in bytes
 * @throws BackupError `BACKUP_RUNNING` while another one is made, `BACKUP_FAILED`, and those of what it begins with
 */
export function createBackup(
  source: DatabaseSource,
  options: BackupOptions,
  progress: (done: number, total: number) => void,
): Promise<CreatedBackup> {
  return withServer(source, async (client) => {
    const server = await inspectServer(client);
    const tools = await findTools(
      server.identity.major,
      ['pg_basebackup', 'pg_verifybackup', 'pg_waldump'],
      options.bin,
    );
    const store = await openStoreFor(options.dir, server.identity);
    await lock(client);
    await removeUnfinished(store);
    const startedAt = await clock(client);
    const id = startedAt.replace(/[-:.]/g, '');
    try {
      const data = await beginBackup(store, id);
      await copyServer(tools.pg_basebackup, source, data, progress);
      await verifyFiles(tools.pg_verifybackup, data);
      const backup = {
        id,
        startedAt,
        finishedAt: await clock(client),
        ...(await describeBackup(data, server)),
      };
      await finishBackup(store, backup);
      return {
        backup,
        removed: await prune(store, options.keep),
        receiving: (await slotState(client)).active,
      };
    } catch (error) {
      await removeUnfinished(store);
      throw error;
    }
  });
}

/** Holds the lock until the connection ends, also when it breaks. */
async function lock(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [
    BACKUP_LOCK,
  ]);
  if (!rows[0]?.locked)
    throw new BackupError(
      'BACKUP_RUNNING',
      'another base backup of this server is being made; wait for its end',
    );
}

/** @returns the server's time, as the target of a restore is in it too */
async function clock(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ now: string }>(
    `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS now`,
  );
  return rows[0]?.now ?? '';
}

async function copyServer(
  program: string,
  source: DatabaseSource,
  data: string,
  progress: (done: number, total: number) => void,
): Promise<void> {
  const args = [
    `--pgdata=${data}`,
    '--wal-method=stream', // what the copy needs to be whole is in it
    '--checkpoint=fast',
    '--manifest-checksums=SHA256',
    '--progress',
    '--no-password',
  ];
  const onLine = (line: string) => {
    const [, done, total] = /^\s*(\d+)\/(\d+) kB/.exec(line) ?? [];
    if (total !== undefined) progress(Number(done) * 1_024, Number(total) * 1_024);
  };
  const { code, reason } = await runTool(program, args, { env: libpqEnvironment(source), onLine });
  if (code !== 0) throw new BackupError('BACKUP_FAILED', `pg_basebackup: ${reason}`);
}

const MANIFEST = z.object({
  Files: z.array(z.object({ Size: z.number() })),
  'WAL-Ranges': z.tuple([z.object({ 'Start-LSN': z.string(), 'End-LSN': z.string() })]),
});

/** Reads from PostgreSQL's own list of the backup how large it is, and which part of the log belongs to it. */
async function describeBackup(data: string, { user, version }: BackupSource) {
  const manifest = MANIFEST.parse(JSON.parse(await readFile(join(data, 'backup_manifest'), 'utf8')));
  const [range] = manifest['WAL-Ranges'];
  return {
    startLsn: range['Start-LSN'],
    endLsn: range['End-LSN'],
    bytes: manifest.Files.reduce((sum, { Size }) => sum + Size, 0),
    user,
    version,
  };
}
