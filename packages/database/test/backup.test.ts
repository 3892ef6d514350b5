import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, open, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StartupError } from '@tributary/platform';
import type pg from 'pg';
import { BACKUP_ERRORS } from '../src/backup/backup-error.ts';
import { BACKUP_LOCK } from '../src/backup/base-backup.ts';
import { libpqEnvironment } from '../src/backup/connection.ts';
import { backupCommand } from '../src/cli/backup-command.ts';
import { restoreCommand } from '../src/cli/restore-command.ts';
import { execute } from '../src/cli/run-cli.ts';
import { migrate, REPOSITORY, withClient } from '../src/index.ts';
import { sourceUrl, temporaryFolder } from './helpers.ts';
import {
  createServer,
  type InstalledPostgres,
  installedPostgres,
  startServer,
} from './support/installed-postgres.ts';
import { HALF_ORDERS, type OrderWriters, placeOrder, startOrderWriters } from './support/order-writers.ts';

let folder: string;
const commands = { backup: backupCommand, restore: restoreCommand };

/** Runs a command in this process. */
async function run(command: keyof typeof commands, args: string[], env: Record<string, string> = {}) {
  const said: string[] = [];
  try {
    await execute(commands[command], args, { BACKUP_DIR: join(folder, 'backups'), ...env }, (line) =>
      said.push(line),
    );
    return { said: said.join('\n'), error: undefined };
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    return { said: said.join('\n'), error: error.message };
  }
}

beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => rm(folder, { recursive: true, maxRetries: 10 }));

it('explains each of its codes', async () => {
  const page = await readFile(join(REPOSITORY, 'docs/backup.md'), 'utf8');
  expect(BACKUP_ERRORS.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
});

it('hands a connection on without putting the password on a command line, and checks no less than the services do', () => {
  const url = 'postgresql://back%40up:p%2Fw@[::1]:6543/postgres?sslmode=require&sslrootcert=/ca.pem';
  expect(libpqEnvironment({ url, setting: 'BACKUP_SERVER_URL' })).toMatchObject({
    PGHOST: '::1',
    PGPORT: '6543',
    PGUSER: 'back@up',
    PGPASSWORD: 'p/w',
    PGSSLMODE: 'verify-full',
    PGSSLROOTCERT: '/ca.pem',
  });
});

it.each([
  ['backup', [], {}, /^say create, receive, list, or verify/],
  ['backup', ['toString'], {}, /^say create, receive, list, or verify/],
  ['backup', ['create', 'more'], {}, /^say create, receive, list, or verify/],
  ['backup', ['create', '--max-age', '1'], {}, /^--max-age: goes with list only/],
  ['backup', ['create'], {}, /^BACKUP_SERVER_URL: is required/],
  ['backup', ['create'], { BACKUP_SERVER_URL: 'nonsense' }, /^BACKUP_SERVER_URL: is not of the form/],
  [
    'backup',
    ['create'],
    { BACKUP_SERVER_URL: 'postgresql://a:b@127.0.0.1:1/c' },
    /^BACKUP_SERVER_URL: PostgreSQL at/,
  ],
  ['backup', ['list'], { BACKUP_DIR: '' }, /^BACKUP_DIR: is required/],
  ['backup', ['list'], { BACKUP_KEEP: '0' }, /^BACKUP_KEEP: /],
  ['backup', ['list', '--max-age', 'old'], {}, /^--max-age: must be a whole number of hours$/],
  ['backup', ['list'], {}, /^BACKUP_NOT_FOUND: BACKUP_DIR: /],
  ['restore', [], {}, /^name one new folder/],
  ['restore', ['/a', '/b'], {}, /^name one new folder/],
  ['restore', ['/a', '--to', '2026-11-22 10:00'], {}, /^--to: is no time with its zone/],
  ['restore', ['/a', '--to', '2026-13-45T10:00Z'], {}, /^--to: is no time with its zone/],
] as const)('refuses %s %j with %j in one line', async (command, args, env, message) => {
  expect(await run(command, [...args], env)).toEqual({ said: '', error: expect.stringMatching(message) });
});

const found = await installedPostgres();
if (!found && process.env.CI === 'true') throw new Error('no PostgreSQL with its programs is installed');
if (!found) console.warn('the drill was left out: no PostgreSQL with its programs is installed');

(found ? describe : describe.skip)('the drill', () => {
  const bin = found ?? '';
  let server: InstalledPostgres;
  let password: string;
  let env: Record<string, string>;
  let writers: OrderWriters;
  let between: string;
  let receiver: Awaited<ReturnType<typeof receive>>;
  let [first, second] = ['', ''];
  const servers: InstalledPostgres[] = [];
  const receivers: ChildProcess[] = [];

  beforeAll(async () => {
    server = await createServer(bin, folder);
    servers.push(server);
    password = new URL(server.url('postgres')).password;
    await migrate({ url: server.url('orders'), schemaDir: join(REPOSITORY, 'prisma/orders') });
    await withClient(server.url('orders'), (client) =>
      client.query('UPDATE domain_event_switch SET is_on = true'),
    );
    await sql("CREATE ROLE backup REPLICATION LOGIN PASSWORD 'backup'");
    await sql('GRANT pg_monitor TO backup');
    env = { BACKUP_SERVER_URL: urlOf('backup'), BACKUP_KEEP: '1' };
  });
  afterAll(async () => {
    for (const child of receivers) child.kill('SIGKILL');
    for (const { stop } of servers) await stop();
  });

  const inStore = (...path: string[]) => join(folder, 'backups', ...path);
  const sql = (statement: string) => withClient(server.url('postgres'), (client) => client.query(statement));
  const receivedFiles = async () =>
    (await readdir(inStore('wal'))).filter((name) => name.length === 24).sort();
  const base = async () => (await readdir(inStore('base')))[0] ?? '';

  /** The server's address, for a role whose password is its name. */
  function urlOf(role: string): string {
    const url = new URL(server.url('postgres'));
    url.username = url.password = role;
    return url.href;
  }

  /** A folder of programs, of which `pg_basebackup` fails when all of its files are there. */
  async function programsThat(name: string): Promise<string> {
    const programs = join(folder, name);
    await mkdir(programs);
    for (const program of ['pg_verifybackup', 'pg_waldump'])
      await symlink(join(bin, program), join(programs, program));
    const real = join(bin, 'pg_basebackup');
    const script = `#!/bin/sh\n${real} "$@"\n[ "$1" = --version ] && exit\necho 'pg_basebackup: error: could not sync: no space left' >&2\nexit 1\n`;
    await writeFile(join(programs, 'pg_basebackup'), script, { mode: 0o755 });
    return programs;
  }

  /** Starts `npm run backup -- receive` as a process, and waits for what it says. */
  async function receive() {
    const tsx = new URL(import.meta.resolve('tsx')).href;
    const script = fileURLToPath(sourceUrl('cli/backup.ts'));
    const child = spawn(process.execPath, ['--conditions=source', '--import', tsx, script, 'receive'], {
      env: { PATH: process.env.PATH, BACKUP_DIR: inStore(), ...env },
    });
    receivers.push(child);
    const [exit, errors] = [once(child, 'exit'), text(child.stderr)];
    const said = await Promise.race([
      once(child.stdout, 'data').then(String),
      exit.then(async () => Promise.reject(new Error(await errors))),
    ]);
    return { child, said, ended: async () => ({ code: (await exit)[0], errors: await errors }) };
  }

  /** Restores into a folder of this name. */
  const restoreInto = (name: string, ...args: string[]) => run('restore', [join(folder, name), ...args]);

  /** Starts what was restored, and looks at its orders. */
  async function inRestored<T>(name: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
    const restored = await startServer(bin, join(folder, name), password);
    servers.push(restored);
    return withClient(restored.url('orders'), use);
  }
  const idsOf = async (client: pg.Client) =>
    new Set((await client.query<{ id: string }>('SELECT id FROM orders')).rows.map(({ id }) => id));

  it('refuses a server, a folder or programs that do not fit', async () => {
    await sql("CREATE ROLE weak LOGIN PASSWORD 'weak'");
    expect((await run('backup', ['create'], { ...env, BACKUP_SERVER_URL: urlOf('weak') })).error).toBe(
      'BACKUP_SERVER_UNFIT: BACKUP_SERVER_URL: user "weak" may not replicate; ALTER ROLE "weak" REPLICATION',
    );
    await withClient(server.url('postgres'), async (client) => {
      await client.query('SET allow_in_place_tablespaces = on');
      await client.query("CREATE TABLESPACE extra LOCATION ''");
    });
    expect((await run('backup', ['create'], env)).error).toBe(
      'BACKUP_SERVER_UNFIT: BACKUP_SERVER_URL: the server has tablespaces of its own (extra), which are not backed up',
    );
    await sql('DROP TABLESPACE extra');
    expect((await run('backup', ['create'], { ...env, BACKUP_DIR: '/dev/null/backups' })).error).toMatch(
      /^BACKUP_FAILED: ENOTDIR: .*\/dev\/null\/backups/,
    );
    const other = join(folder, 'other');
    await mkdir(other);
    await writeFile(
      join(other, 'store.json'),
      JSON.stringify({ system: '1', timeline: 1, major: 15, segmentBytes: 1_048_576 }),
    );
    expect((await run('backup', ['create'], { ...env, BACKUP_DIR: other })).error).toMatch(
      /^BACKUP_OTHER_SERVER: BACKUP_DIR: \S+other is of a server with system 1, this one has \d+; after a restore/,
    );
    await writeFile(join(other, 'pg_receivewal'), '#!/bin/sh\necho "pg_receivewal (PostgreSQL) 9.6"\n');
    await chmod(join(other, 'pg_receivewal'), 0o755);
    expect((await run('backup', ['receive'], { ...env, BACKUP_POSTGRES_BIN: other })).error).toMatch(
      /^BACKUP_TOOLS_MISSING: there is no pg_receivewal of PostgreSQL \d+ in BACKUP_POSTGRES_BIN \(\S+\), only of 9; install/,
    );
    expect((await run('backup', ['create'], { ...env, BACKUP_POSTGRES_BIN: other })).error).toMatch(
      /^BACKUP_TOOLS_MISSING: there is no pg_basebackup, pg_verifybackup, pg_waldump of PostgreSQL \d+ in/,
    );
  });

  it('makes one base backup at a time, and leaves nothing of one that fails', async () => {
    expect(await run('backup', ['create'], env)).toEqual({
      error: undefined,
      said: expect.stringMatching(
        /100% of \d+ MB\nmade \d{8}T\d{9}Z: \d+ MB, verified[^\n]*\nnobody receives the log/,
      ),
    });
    const before = await readdir(inStore('base'));
    const busy = await withClient(server.url('postgres'), async (client) => {
      await client.query('SELECT pg_advisory_lock($1)', [BACKUP_LOCK]);
      return run('backup', ['create'], env);
    });
    expect(busy.error).toMatch(/^BACKUP_RUNNING: another base backup/);
    const failing = await programsThat('write everything, and then fail');
    expect((await run('backup', ['create'], { ...env, BACKUP_POSTGRES_BIN: failing })).error).toBe(
      'BACKUP_FAILED: pg_basebackup: could not sync: no space left',
    );
    expect(await readdir(inStore('base'))).toEqual(before);
    expect(await run('backup', ['list', '--max-age', '1'])).toMatchObject({ error: undefined });
    expect((await run('backup', ['list', '--max-age', '0'])).error).toMatch(/^BACKUP_TOO_OLD: /);
  });

  it('receives the log, and says whether commits wait for it', async () => {
    const early = await receive();
    expect(early.said).toMatch(/^receiving the log; commits do not wait for it/);
    expect((await run('backup', ['receive'], env)).error).toMatch(/^BACKUP_RUNNING: the log of this server/);
    early.child.kill('SIGTERM');
    expect(await early.ended()).toEqual({ code: 0, errors: '' });
  });

  it('makes a base backup while customers order, and keeps as many as it should', async () => {
    await sql("ALTER SYSTEM SET synchronous_standby_names = 'tributary_backup'");
    await sql('SELECT pg_reload_conf()');
    receiver = await receive();
    expect(receiver.said).toBe('receiving the log; commits wait until it is here\n');
    writers = startOrderWriters(server.url('orders'), 4);
    await writers.further(50);
    const [old] = await readdir(inStore('base'));
    await mkdir(inStore('base', '20200101T000000000Z.unfinished')); // as a killed process leaves it
    const created = await run('backup', ['create'], env);
    expect(created).toEqual({
      error: undefined,
      said: expect.stringMatching(new RegExp(`\nremoved ${old}$`)),
    });
    expect(await readdir(inStore('base'))).toHaveLength(1);

    await withClient(server.url('orders'), async (client) => {
      first = await placeOrder(client);
      const { rows } = await client.query(
        `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS now`,
      );
      between = rows[0].now;
      second = await placeOrder(client);
    });
  });

  it('restores up to a time between two orders, while the server goes on', async () => {
    expect(await restoreInto('between', '--to', between)).toMatchObject({ error: undefined });
    await inRestored('between', async (client) => {
      const ids = await idsOf(client);
      expect([ids.has(first), ids.has(second)]).toEqual([true, false]);
      expect((await client.query(HALF_ORDERS)).rows).toEqual([]);
    });
  });

  it('loses the server while customers order, and knows it', async () => {
    const before = (await receivedFiles()).length;
    while ((await receivedFiles()).length < before + 3) await writers.further(50);
    await server.destroy();
    await writers.failed();
    expect(await receiver.ended()).toEqual({ code: 1, errors: expect.stringMatching(/^WAL_LOST_SERVER: /) });
    expect(await run('backup', ['verify'])).toEqual({
      error: undefined,
      said: expect.stringMatching(/good[\s\S]*\n1 verified$/),
    });
    expect((await run('backup', ['list'])).said).toMatch(/\nthe log leads to [0-9A-F]+\/[0-9A-F]+$/);
  });

  it('restores all that was acknowledged, and nothing by halves', async () => {
    expect(await restoreInto('latest')).toEqual({
      error: undefined,
      said: expect.stringMatching(
        /restored into \S+latest, up to \S+ of the log\nlast transaction: 20[^\n]*\ndatabases: orders, postgres\nstart it: pg_ctl/,
      ),
    });
    await inRestored('latest', async (client) => {
      const ids = await idsOf(client);
      expect(writers.acknowledged.length).toBeGreaterThan(100);
      expect([first, second, ...writers.acknowledged].filter((id) => !ids.has(id))).toEqual([]);
      expect((await client.query(HALF_ORDERS)).rows).toEqual([]);
      await placeOrder(client); // nobody waits for a receiver that is not there
      const url = new URL(env.BACKUP_SERVER_URL ?? '');
      url.port = String(client.port);
      expect((await run('backup', ['receive'], { ...env, BACKUP_SERVER_URL: url.href })).error).toMatch(
        /^BACKUP_OTHER_SERVER: .* is of a server with timeline 1, this one has 2; after a restore/,
      );
    });
  });

  it('refuses what the backups do not have, and leaves nothing behind', async () => {
    const { finishedAt } = JSON.parse(await readFile(inStore('base', await base(), 'backup.json'), 'utf8'));
    const before = new Date(Date.parse(finishedAt) - 1).toISOString();
    expect((await restoreInto('latest')).error).toMatch(/^RESTORE_TARGET_EXISTS: \S+latest is there already/);
    expect((await restoreInto('no/where')).error).toMatch(/^RESTORE_FAILED: \S+no is no folder/);
    expect((await restoreInto('latest/PG_VERSION/no')).error).toMatch(/^RESTORE_FAILED: ENOTDIR: /);
    expect((await restoreInto('no', '--to', '2999-01-01T00:00Z')).error).toMatch(
      /^RESTORE_TIME_UNCOVERED: .* in the future$/,
    );
    expect((await restoreInto('no', '--to', before)).error).toBe(
      `RESTORE_TIME_UNCOVERED: --to ${before}: is before ${finishedAt}, where the oldest base backup ends`,
    );
    expect((await restoreInto('no', '--backup', 'x')).error).toMatch(/^BACKUP_NOT_FOUND: "x"/);
    expect((await restoreInto('no', '--to', new Date().toISOString())).error).toMatch(
      /^RESTORE_TIME_UNCOVERED: --to \S+: the log ends before it, with 20\d\d-/,
    );
    expect((await readdir(folder)).filter((name) => name.startsWith('no'))).toEqual([]);
  });

  it('refuses files that are damaged or missing', async () => {
    const files = await receivedFiles();
    const damaged = files.at(-2) ?? '';
    const handle = await open(inStore('wal', damaged), 'r+');
    await handle.write(Buffer.alloc(100_000, 0xff), 0, 100_000, 300_000);
    await handle.close();
    expect((await restoreInto('no')).error).toMatch(/^WAL_DAMAGED: .*; with --to a time before 20\d\d-/);

    await truncate(inStore('wal', damaged), 1_000);
    expect((await run('backup', ['verify'])).error).toMatch(
      /^WAL_DAMAGED: \S+ has 1000 bytes, and should have 1048576$/,
    );
    await rm(inStore('wal', damaged));
    const gap = new RegExp(`^WAL_MISSING: the log has a gap: ${damaged} is not in wal/`);
    expect(await run('backup', ['verify'])).toEqual({
      said: expect.stringContaining('WAL_MISSING'),
      error: expect.stringMatching(gap),
    });
    expect((await restoreInto('no')).error).toMatch(gap);
    expect((await restoreInto('no', '--to', new Date().toISOString())).error).toMatch(gap);

    await writeFile(inStore('base', await base(), 'data', 'PG_VERSION'), '99\n');
    expect((await run('backup', ['verify', await base()])).error).toMatch(
      /^BACKUP_DAMAGED: \S+: .*PG_VERSION/,
    );
    expect((await restoreInto('no', '--to', between)).error).toMatch(/^BACKUP_DAMAGED: \S+: .*PG_VERSION/);
    await writeFile(inStore('base', await base(), 'backup.json'), '{');
    expect((await run('backup', ['list'])).error).toMatch(/^BACKUP_DAMAGED: \S+backup\.json cannot be read/);
    expect((await readdir(folder)).filter((name) => name.startsWith('no'))).toEqual([]);
  });
});
