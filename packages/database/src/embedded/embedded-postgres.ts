import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { freePort, isPortFree, StartupError } from '@tributary/platform';
import pg from 'pg';
import { type Binaries, locateBinaries } from './binaries.ts';
import { type Cluster, existingCluster, openCluster, writeSettings } from './cluster.ts';
import { livingOwner, releaseOwnership, takeOwnership } from './owner-lock.ts';
import { PortTakenError, runningPostmaster, startPostmaster, stopPostmaster } from './postmaster.ts';
import { type ServerUser, serverUser } from './server-user.ts';

/** What to start, and where. */
export interface EmbeddedPostgresOptions {
  /** Folder of everything that is kept; created when missing. The setting `DATA_DIR`. */
  dataDir: string;
  /**
   * Port on 127.0.0.1. 0 takes the port of the last time, or another free one. The setting `POSTGRES_PORT`.
   * @default 0
   */
  port?: number;
  /** Further settings of `postgresql.conf`. */
  settings?: Readonly<Record<string, string | number>>;
}

/** A running PostgreSQL. */
export interface EmbeddedPostgres {
  /** Connection string of a database, which need not exist yet. Holds the password: never print it. */
  url(database: string): string;
  /** For example `18.4`. */
  version: string;
  port: number;
  /** Stops the server and gives the data folder back. Calling it again does nothing more. */
  stop(): Promise<void>;
}

/** Settings of every embedded server: only this machine, only TCP. */
const BASE_SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 200,
  timezone: 'UTC',
};

/**
 * Starts a real PostgreSQL on a data folder, which belongs to this process until `stop`.
 *
 * A server that a killed process left running there is stopped first; what it had committed is kept.
 *
 * @throws StartupError naming `DATA_DIR` (in use, not writable, other version) or `POSTGRES_PORT` (taken)
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  const owner = await takeFolder(dataDir);
  if (owner !== undefined) {
    throw new StartupError(
      `DATA_DIR: ${dataDir} is in use by process ${owner}; stop it or choose another folder`,
    );
  }
  try {
    const user = await serverUser((await existingCluster(dataDir))?.home);
    const binaries = await locateBinaries(user);
    const cluster = await openCluster(dataDir, binaries, user);
    await stopPostmaster(cluster, binaries, user);
    const port = await startOnPort({ ...options, dataDir }, cluster, binaries, user);
    let stopping: Promise<void> | undefined;
    const stop = () => {
      stopping ??= stopPostmaster(cluster, binaries, user).then(() => releaseOwnership(dataDir));
      return stopping;
    };
    return await describeServer(cluster, port, stop).catch(async (error: unknown) => {
      await stop();
      throw error;
    });
  } catch (error) {
    await releaseOwnership(dataDir);
    throw error;
  }
}

/**
 * Uses the server of a data folder: the one that another process is running there, which `stop` then leaves
 * alone, or else one of our own.
 */
export async function useEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  const owner = await livingOwner(dataDir);
  if (owner === undefined) return startEmbeddedPostgres(options);
  const cluster = await existingCluster(dataDir);
  if (!cluster || !(await runningPostmaster(cluster))) {
    throw new StartupError(
      `DATA_DIR: process ${owner} is just starting in ${dataDir}; try again in a moment`,
    );
  }
  return describeServer(cluster, await rememberedPort(dataDir), async () => undefined);
}

/** @returns the process that has the folder, undefined when it is ours now */
async function takeFolder(dataDir: string): Promise<number | undefined> {
  try {
    await mkdir(dataDir, { recursive: true });
    return await takeOwnership(dataDir);
  } catch (error) {
    throw new StartupError(`DATA_DIR: ${dataDir} cannot be used: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Starts the server; a port of its own choosing that is taken is exchanged for another one. */
async function startOnPort(
  { dataDir, port = 0, settings }: EmbeddedPostgresOptions,
  cluster: Cluster,
  binaries: Binaries,
  user: ServerUser | undefined,
): Promise<number> {
  const attempts = port === 0 ? [await rememberedPort(dataDir), 0, 0, 0] : [port];
  for (const attempt of attempts) {
    if (attempt !== 0 && !(await isPortFree(attempt))) continue;
    const free = attempt || (await freePort());
    await writeSettings(cluster.data, { ...BASE_SETTINGS, ...settings, port: free });
    try {
      await startPostmaster(cluster, binaries, user);
    } catch (error) {
      if (error instanceof PortTakenError) continue;
      throw error;
    }
    await writeFile(join(dataDir, 'port'), `${free}\n`);
    return free;
  }
  throw new StartupError(`POSTGRES_PORT: port ${port} is taken; choose another, or 0 for any free one`);
}

/** @returns 0 when none is remembered */
async function rememberedPort(dataDir: string): Promise<number> {
  const text = await readFile(join(dataDir, 'port'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '0';
    throw error;
  });
  const port = Number(text);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : 0;
}

async function describeServer(
  cluster: Cluster,
  port: number,
  stop: () => Promise<void>,
): Promise<EmbeddedPostgres> {
  const url = (database: string) =>
    `postgresql://postgres:${cluster.password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
  const client = new pg.Client({ connectionString: url('postgres') });
  await client.connect();
  try {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return { url, version: rows[0]?.server_version ?? '', port, stop };
  } finally {
    await client.end();
  }
}
