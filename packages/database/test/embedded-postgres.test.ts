import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { removeCluster } from '../src/embedded/cluster.ts';
import { processInfo } from '../src/embedded/process-info.ts';
import {
  type EmbeddedPostgres,
  ensureDatabase,
  startEmbeddedPostgres,
  startTemporaryPostgres,
  useEmbeddedPostgres,
  withClient,
} from '../src/index.ts';
import { sourceUrl, withFolder } from './helpers.ts';

const query = async (server: EmbeddedPostgres, sql: string) =>
  (await withClient(server.url('postgres'), (client) => client.query(sql))).rows;

const exists = (path: string) =>
  access(path)
    .then(() => true)
    .catch(() => false);

const isAlive = async (pid: number) => (await processInfo(pid)) !== undefined;

/** Starts a server in a process of its own, which then waits to be killed. */
async function startInChild(dataDir?: string): Promise<ChildProcess & { url: string }> {
  const program = `
    import { startEmbeddedPostgres, startTemporaryPostgres } from ${JSON.stringify(sourceUrl('index.ts'))};
    const dataDir = process.argv[1];
    const server = dataDir ? await startEmbeddedPostgres({ dataDir }) : await startTemporaryPostgres();
    console.log(server.url('postgres'));
    setInterval(() => {}, 1000);`;
  const tsx = new URL(import.meta.resolve('tsx')).href;
  const args = [
    '--conditions=source',
    '--import',
    tsx,
    '--input-type=module',
    '-e',
    program,
    ...(dataDir ? [dataDir] : []),
  ];
  // A process group of its own, to press Ctrl-C in it
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const [url] = await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('the child ended'))),
  ]);
  return Object.assign(child, { url: String(url).trim() });
}

async function kill9(child: ChildProcess) {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

const postmasterPid = async (dataDir: string) =>
  Number.parseInt(await readFile(join(dataDir, 'cluster/data/postmaster.pid'), 'utf8'), 10);

describe('startEmbeddedPostgres', () => {
  it('keeps data, password and port from one start to the next, and leaves no process behind', () =>
    withFolder(async (dataDir) => {
      const first = await startEmbeddedPostgres({ dataDir });
      expect(first.version).toMatch(/^18\./);
      await query(first, 'CREATE TABLE kept AS SELECT 42 AS answer');
      const pid = await postmasterPid(dataDir);
      await first.stop();
      await first.stop();
      expect(await isAlive(pid)).toBe(false);

      const second = await startEmbeddedPostgres({ dataDir });
      expect(second.url('users')).toBe(first.url('users'));
      expect(await query(second, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
      await second.stop();
    }));

  it('listens on 127.0.0.1 only, asks for the password, and keeps that to itself', () =>
    withFolder(async (dataDir) => {
      const server = await startEmbeddedPostgres({ dataDir, settings: { work_mem: '9MB' } });
      expect(
        await query(
          server,
          "SELECT name, setting FROM pg_settings WHERE name IN ('listen_addresses', 'unix_socket_directories', 'work_mem') ORDER BY name",
        ),
      ).toEqual([
        { name: 'listen_addresses', setting: '127.0.0.1' },
        { name: 'unix_socket_directories', setting: '' },
        { name: 'work_mem', setting: '9216' },
      ]);
      const url = `postgresql://postgres:guess@127.0.0.1:${server.port}/postgres`;
      await expect(ensureDatabase({ url, setting: 'X' })).rejects.toThrow('refuses the password');
      expect((await stat(join(dataDir, 'cluster/password'))).mode & 0o777).toBe(0o600);
      await server.stop();
    }));

  it('refuses a folder that a living process uses, and lets others share its server', () =>
    withFolder(async (dataDir) => {
      const server = await startEmbeddedPostgres({ dataDir });
      await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({
        name: 'StartupError',
        message: `DATA_DIR: ${dataDir} is in use by process ${process.pid}; stop it or choose another folder`,
      });
      const shared = await useEmbeddedPostgres({ dataDir });
      await shared.stop();
      expect(await query(server, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
      await server.stop();

      const own = await useEmbeddedPostgres({ dataDir });
      await own.stop();
      await expect(query(own, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
    }));

  it('goes on where a killed process left its server running', () =>
    withFolder(async (dataDir) => {
      const child = await startInChild(dataDir);
      const orphan = await postmasterPid(dataDir);
      await kill9(child);
      expect(await isAlive(orphan)).toBe(true);

      const server = await startEmbeddedPostgres({ dataDir });
      expect(await isAlive(orphan)).toBe(false);
      expect(await query(server, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
      await server.stop();
    }));

  it('is not reached by Ctrl-C in the terminal: who started it stops it in order', () =>
    withFolder(async (dataDir) => {
      const child = await startInChild(dataDir);
      const postmaster = await postmasterPid(dataDir);
      process.kill(-(child.pid ?? Number.NaN), 'SIGINT');
      await once(child, 'exit');
      expect(await isAlive(postmaster)).toBe(true);
      await (await startEmbeddedPostgres({ dataDir })).stop();
    }));

  it('recovers from a power cut: everything gone at once, and the ids of old given to other processes', () =>
    withFolder(async (dataDir) => {
      const child = await startInChild(dataDir);
      await kill9(child);
      const orphan = await postmasterPid(dataDir);
      process.kill(orphan, 'SIGKILL');
      const pidFile = join(dataDir, 'cluster/data/postmaster.pid');
      const lines = (await readFile(pidFile, 'utf8')).split('\n');
      await writeFile(pidFile, [process.pid, ...lines.slice(1)].join('\n'));
      await writeFile(join(dataDir, 'owner.pid'), JSON.stringify({ pid: process.pid, startedAt: 'before' }));

      const server = await startEmbeddedPostgres({ dataDir });
      expect(await query(server, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
      await server.stop();
    }));

  it('starts anew after a set-up that was cut short, and with an owner file that is', () =>
    withFolder(async (dataDir) => {
      await mkdir(join(dataDir, 'cluster.new-1/data/base'), { recursive: true });
      await writeFile(join(dataDir, 'owner.pid'), '{"pi');
      const server = await startEmbeddedPostgres({ dataDir });
      await server.stop();
      expect((await readdir(dataDir)).sort()).toEqual(['cluster', 'port']);
    }));

  it('takes another port when the remembered one is taken, but not when it was told one', () =>
    withFolder(async (dataDir) => {
      const first = await startEmbeddedPostgres({ dataDir });
      await first.stop();
      const squatter = createServer().listen(first.port, '127.0.0.1');
      await once(squatter, 'listening');

      await expect(startEmbeddedPostgres({ dataDir, port: first.port })).rejects.toMatchObject({
        name: 'StartupError',
        message: `POSTGRES_PORT: port ${first.port} is taken; choose another, or 0 for any free one`,
      });
      const second = await startEmbeddedPostgres({ dataDir });
      expect(second.port).not.toBe(first.port);
      await second.stop();
      squatter.close();
    }));

  it('says in one line that a folder cannot be used, or is of another PostgreSQL', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'file');
      await writeFile(file, '');
      await expect(startEmbeddedPostgres({ dataDir: join(file, 'data') })).rejects.toMatchObject({
        name: 'StartupError',
        message: expect.stringMatching(/^DATA_DIR: .* cannot be used: ENOTDIR[^\n]*$/),
      });
      await mkdir(join(folder, 'cluster/data'), { recursive: true });
      await writeFile(join(folder, 'cluster/password'), 'x');
      await writeFile(join(folder, 'cluster/data/PG_VERSION'), '17\n');
      await expect(startEmbeddedPostgres({ dataDir: folder })).rejects.toMatchObject({
        name: 'StartupError',
        message: `DATA_DIR: ${folder} holds data of PostgreSQL 17, this is 18; choose another folder`,
      });
    }));

  const asRoot = process.getuid?.() === 0 ? it : it.skip;
  asRoot('works in a folder that only root can enter', () =>
    withFolder(async (folder) => {
      const dataDir = join(folder, 'closed/data');
      await mkdir(join(folder, 'closed'), { mode: 0o700 });
      const server = await startEmbeddedPostgres({ dataDir });
      await query(server, 'CREATE TABLE kept AS SELECT 1');
      await server.stop();
      const again = await startEmbeddedPostgres({ dataDir });
      expect(await query(again, 'SELECT * FROM kept')).toHaveLength(1);
      await again.stop();
      await removeCluster(dataDir);
    }),
  );
});

describe('startTemporaryPostgres', () => {
  it('removes its data when it stops', async () => {
    const server = await startTemporaryPostgres();
    const [row] = await query(server, 'SHOW data_directory');
    expect(await query(server, 'SHOW fsync')).toEqual([{ fsync: 'off' }]);
    expect(await exists(row.data_directory)).toBe(true);
    await server.stop();
    expect(await exists(row.data_directory)).toBe(false);
  });

  it.each(['fast', 'immediate'] as const)(
    'is restarted (%s) at its port, with all that was committed',
    async (mode) => {
      const server = await startTemporaryPostgres({ synchronous_commit: 'on' });
      await query(server, 'CREATE TABLE kept AS SELECT 1 AS n');
      await withClient(server.url('postgres'), async (client) => {
        const ended = new Promise((resolve) => client.once('end', resolve));
        await server.restart({
          mode,
          whileDown: () => expect(query(server, 'SELECT 1')).rejects.toThrow('ECONNREFUSED'),
        });
        await ended;
      });
      expect(await query(server, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
      await server.stop();
    },
  );

  it('clears away what a killed test left behind', async () => {
    const child = await startInChild();
    const [row] = await withClient(
      child.url,
      async (client) => (await client.query('SHOW data_directory')).rows,
    );
    await kill9(child);
    expect(await exists(row.data_directory)).toBe(true);

    const server = await startTemporaryPostgres();
    expect(await exists(row.data_directory)).toBe(false);
    await expect(withClient(child.url, (client) => client.query('SELECT 1'))).rejects.toThrow('ECONNREFUSED');
    await server.stop();
  });
});
