import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { ServerUser } from '../../embedded/server-user.ts';

/** What is recovered, and how far. */
export interface RecoveryOptions {
  /** Path of the program `postgres`. */
  program: string;
  /** The data folder, with its part of the log. */
  data: string;
  /** Time to stop at, as PostgreSQL reads it; undefined for the end of the log. */
  to: string | undefined;
  /** The account that it runs as; undefined for ours. */
  user: ServerUser | undefined;
}

/** A server that recovers, which nobody else can reach. */
export interface RecoveryServer {
  /** Waits until it has recovered and takes connections. @returns whether it does; false when it has ended */
  recovered(): Promise<boolean>;
  /** Lines of its log so far. */
  log: readonly string[];
  /** Connects for as long as `use` takes. @param role - a superuser, or whoever may connect */
  withClient<T>(role: string, use: (client: pg.Client) => Promise<T>): Promise<T>;
  /** Stops it, and leaves the data clean on the disk. */
  stop(): Promise<void>;
}

const READY = 'database system is ready to accept connections';
const PORT = 5432; // names the socket's file; nothing listens on the network

/**
 * Starts a server that replays the log of its folder. What its configuration says of the world around, such as archives and
 * standbys, does not hold: arguments go before every file.
 */
export async function startRecovery({ program, data, to, user }: RecoveryOptions): Promise<RecoveryServer> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-restore-'));
  const [config, hba] = [join(folder, 'postgresql.conf'), join(folder, 'pg_hba.conf')];
  await writeFile(config, '');
  await writeFile(hba, 'local all all trust\n'); // by the socket, in a folder that is closed to others
  await chmod(folder, 0o700);
  if (user) for (const path of [config, hba, folder]) await chown(path, user.uid, user.gid);
  const settings = {
    ...ALONE,
    ...targetOf(to),
    config_file: config,
    hba_file: hba,
    unix_socket_directories: folder,
  };
  const child = spawn(
    program,
    ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      ...user,
      cwd: folder,
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const { log, ready, exit } = watch(child);
  return {
    log,
    recovered: () => Promise.race([ready, exit.then(() => false)]),
    async withClient(role, use) {
      const client = new pg.Client({ host: folder, port: PORT, user: role, database: 'postgres' });
      await client.connect();
      try {
        return await use(client);
      } finally {
        await client.end();
      }
    },
    async stop() {
      child.kill('SIGINT'); // "fast shutdown"
      await exit;
      await rm(folder, { recursive: true });
    },
  };
}

const ALONE = {
  port: PORT,
  listen_addresses: '',
  ssl: 'off',
  hot_standby: 'off', // with it the server would insist on limits as high as those of the original
  max_prepared_transactions: 1_000,
  restore_command: 'false', // all of the log that there is lies in the folder
  recovery_target_action: 'promote',
  recovery_target_timeline: 'current',
  primary_conninfo: '',
  synchronous_standby_names: '',
  archive_mode: 'off',
  shared_preload_libraries: '',
  autovacuum: 'off',
  logging_collector: 'off',
  log_destination: 'stderr',
  lc_messages: 'C',
  log_timezone: 'UTC',
};

/** When the server reads its arguments it does not know names of zones yet, not even `Z`. */
const targetOf = (to: string | undefined) => ({ recovery_target_time: to?.replace(/Z$/, '+00:00') ?? '' });

function watch(child: ChildProcess) {
  const log: string[] = [];
  const exit = once(child, 'close'); // fails when it could not be started
  const ready = new Promise<boolean>((resolve) => {
    let rest = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      log.push(...parts);
      if (parts.some((line) => line.includes(READY))) resolve(true);
    });
  });
  return { log, ready, exit };
}
