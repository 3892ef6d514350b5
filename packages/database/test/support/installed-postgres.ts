import { randomBytes } from 'node:crypto';
import { access, chmod, chown, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@tributary/platform';
import { runProgram } from '../../src/embedded/run-program.ts';
import { serverUser } from '../../src/embedded/server-user.ts';
import { withClient } from '../../src/index.ts';

/** A server of the PostgreSQL that packages have installed, with all its programs. */
export interface InstalledPostgres {
  url(database: string): string;
  data: string;
  /** Has it die with its data, as a machine does. */
  destroy(): Promise<void>;
  stop(): Promise<void>;
}

const PACKAGES = '/usr/lib/postgresql';

/** Folder of the programs of the newest version that is installed; null when there is none. */
export async function installedPostgres(): Promise<string | null> {
  const versions = (await readdir(PACKAGES).catch(() => [])).sort((a, b) => Number(b) - Number(a));
  for (const version of versions) {
    const bin = join(PACKAGES, version, 'bin');
    const programs = ['initdb', 'pg_ctl', 'pg_basebackup', 'pg_receivewal', 'pg_verifybackup'];
    const found = await Promise.allSettled(programs.map((program) => access(join(bin, program))));
    if (found.every(({ status }) => status === 'fulfilled')) return bin;
  }
  return null;
}

/** Makes a server with small files of the log, so that there are many. */
export async function createServer(bin: string, folder: string): Promise<InstalledPostgres> {
  const user = await serverUser();
  const [home, password] = [join(folder, 'server'), randomBytes(12).toString('hex')];
  const [data, passwordFile] = [join(home, 'data'), join(home, 'password')];
  await mkdir(home);
  await writeFile(passwordFile, password);
  await chmod(home, 0o755);
  if (user) for (const path of [home, passwordFile]) await chown(path, user.uid, user.gid);
  const { code, stderr } = await runProgram(
    join(bin, 'initdb'),
    [`--pgdata=${data}`, `--pwfile=${passwordFile}`, ...INITDB],
    user,
    home,
  );
  if (code !== 0) throw new Error(stderr);
  return startServer(bin, data, password);
}

const INITDB = [
  '--username=postgres',
  '--auth=scram-sha-256',
  '--wal-segsize=1',
  '--locale=C',
  '--encoding=UTF8',
  '--no-sync',
];

/** Starts the server of a data folder. */
export async function startServer(bin: string, data: string, password: string): Promise<InstalledPostgres> {
  const user = await serverUser();
  const port = await freePort();
  const pgCtl = (...args: string[]) =>
    runProgram(join(bin, 'pg_ctl'), [...args, `--pgdata=${data}`, '--wait'], user, data);
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off`;
  const { code, stderr } = await pgCtl('start', `--log=${join(data, 'server.log')}`, `--options=${options}`);
  if (code !== 0) throw new Error(`${stderr}\n${await readFile(join(data, 'server.log'), 'utf8')}`);
  const url = (database: string) => `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`;
  let destroyed = false;
  return {
    url,
    data,
    async destroy() {
      destroyed = true;
      const { rows } = await withClient(url('postgres'), (client) =>
        client.query('SELECT pid FROM pg_stat_activity'),
      );
      const postmaster = Number.parseInt(await readFile(join(data, 'postmaster.pid'), 'utf8'), 10);
      for (const pid of [postmaster, ...rows.map((row) => Number(row.pid))]) killIfThere(pid);
      await rm(data, { recursive: true, maxRetries: 10 });
    },
    async stop() {
      if (!destroyed) await pgCtl('stop', '--mode=immediate');
    },
  };
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
