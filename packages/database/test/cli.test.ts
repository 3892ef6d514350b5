import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StartupError } from '@tributary/platform';
import { migrateCommand } from '../src/cli/migrate-command.ts';
import { newMigrationCommand } from '../src/cli/new-migration-command.ts';
import { execute } from '../src/cli/run-cli.ts';
import { type EmbeddedPostgres, ensureDatabase, startEmbeddedPostgres, withClient } from '../src/index.ts';
import { withMigrationLock } from '../src/migrations/migration-lock.ts';
import { sourceUrl, temporaryFolder } from './helpers.ts';

const TABLES = "SELECT 1 FROM information_schema.tables WHERE table_schema = 'public'";
const READER = "CREATE ROLE reader LOGIN PASSWORD 'reader'";
const UNDO_ALL = 'UPDATE _prisma_migrations SET rolled_back_at = now()';

let dataDir: string;
let server: EmbeddedPostgres;

/** The commands share this server, as they do while `npm start` runs. */
beforeAll(async () => {
  dataDir = await temporaryFolder();
  server = await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off' } });
});
afterAll(async () => {
  await server.stop();
  await rm(dataDir, { recursive: true });
});

const commands = { migrate: migrateCommand, 'new-migration': newMigrationCommand };

/** Runs a command in this process. */
async function run(command: keyof typeof commands, args: string[], env: Record<string, string> = {}) {
  const said: string[] = [];
  try {
    await execute(commands[command], args, { DATA_DIR: dataDir, ...env }, (line) => said.push(line));
    return { said, error: undefined };
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    return { said, error: error.message };
  }
}

describe('db:migrate', () => {
  it('applies what is missing to the databases named, and says so', async () => {
    expect(await run('migrate', ['users'])).toEqual({
      said: [expect.stringMatching(/^users: applied \d{14}_[^\n]*$/)],
      error: undefined,
    });
    expect(await run('migrate', ['users'])).toEqual({ said: ['users: up to date'], error: undefined });
  });

  it('waits until another process has applied them, and changes nothing itself', async () => {
    const url = server.url('waited_for');
    const env = { USERS_DATABASE_URL: url };
    expect(await run('migrate', ['users', '--wait', '0'], env)).toEqual({
      said: [],
      error: expect.stringMatching(/^USERS_DATABASE_URL: PostgreSQL at \S+ has no database "waited_for"$/),
    });
    await ensureDatabase({ url, setting: 'USERS_DATABASE_URL' });
    expect(await run('migrate', ['users', '--wait', '0'], env)).toEqual({
      said: [],
      error: expect.stringMatching(/^USERS_DATABASE_URL: the database lacks \d{14}_\w+(, \d{14}_\w+)*$/),
    });
    expect(await withClient(url, async (client) => (await client.query(TABLES)).rows)).toEqual([]);

    const waiting = run('migrate', ['users', '--wait', '60'], env);
    await run('migrate', ['users'], env);
    expect(await waiting).toEqual({ said: ['users: up to date'], error: undefined });
  });

  it('waits for one that is at work, and for no migration that was rolled back', async () => {
    const url = server.url('waited_for_again');
    const env = { USERS_DATABASE_URL: url };
    await run('migrate', ['users'], env);
    const busy = await withMigrationLock(url, () => run('migrate', ['users', '--wait', '0'], env));
    expect(busy.error).toBe('USERS_DATABASE_URL: the database is being migrated');
    expect((await run('migrate', ['users', '--wait', '0'], env)).said).toEqual(['users: up to date']);
    await withClient(url, (client) => client.query(READER));
    const reader = new URL(url);
    reader.username = reader.password = 'reader';
    const asReader = { USERS_DATABASE_URL: reader.href };
    expect((await run('migrate', ['users', '--wait', '0'], asReader)).error).toBe(
      'USERS_DATABASE_URL: its user may not read _prisma_migrations; grant SELECT on it',
    );
    await withClient(url, (client) => client.query('GRANT SELECT ON _prisma_migrations TO reader'));
    expect((await run('migrate', ['users', '--wait', '0'], asReader)).said).toEqual(['users: up to date']);
    await withClient(url, (client) => client.query(UNDO_ALL));
    expect((await run('migrate', ['users', '--wait', '0'], env)).error).toMatch(/lacks \d{14}_/);
  });

  it.each([
    [['nobody'], {}, /^"nobody": there is no such database; there are .*users.*$/],
    [['--nonsense'], {}, /^Unknown option '--nonsense'; see --help$/],
    [['--rolled-back', 'x'], {}, /^--rolled-back: name the one database that it is about; see --help$/],
    [['users', '--wait', 'long'], {}, /^--wait: must be a whole number of seconds$/],
    [['users', '--wait', '1', '--rolled-back', 'x'], {}, /^--wait: changes nothing[^\n]*$/],
    [['users', '--rolled-back', 'x'], {}, /^--rolled-back: no migration "x" is recorded as failed in users$/],
    [
      ['users'],
      { USERS_DATABASE_URL: 'nonsense' },
      /^USERS_DATABASE_URL: is not of the form postgresql:[^\n]*$/,
    ],
    [['users'], { POSTGRES_PORT: 'many' }, /^POSTGRES_PORT: [^\n]*$/],
  ])('refuses %j with %j in one line', async (args, env, message) => {
    expect(await run('migrate', args, env)).toEqual({ said: [], error: expect.stringMatching(message) });
  });
});

describe('db:new', () => {
  it('writes nothing when the schema says nothing new', async () => {
    expect(await run('new-migration', ['users', 'nothing_new'])).toEqual({
      said: ['users: schema.prisma says nothing that the migrations do not; no file was written'],
      error: undefined,
    });
  });

  it.each([
    [['users'], /^give a database and a name, as in: [^\n]*$/],
    [['users', 'Add Note'], /^"Add Note": a migration's name is of small letters[^\n]*$/],
    [['users', '../../x'], /^"[^\n]*": a migration's name is of small letters[^\n]*$/],
    [['nobody', 'add_note'], /^"nobody": there is no such database[^\n]*$/],
  ])('refuses %j in one line', async (args, message) => {
    expect(await run('new-migration', args)).toEqual({ said: [], error: expect.stringMatching(message) });
  });
});

it('a command starts the server itself when none runs, and stops it again', async () => {
  const own = join(dataDir, 'own');
  expect(await run('migrate', ['users'], { DATA_DIR: own })).toMatchObject({ error: undefined });
  const again = await startEmbeddedPostgres({ dataDir: own });
  await again.stop();
});

describe('as a process of its own', () => {
  /** Runs a command as `npm run` does. */
  async function runProcess(command: keyof typeof commands, args: string[]) {
    const tsx = new URL(import.meta.resolve('tsx')).href;
    const script = fileURLToPath(sourceUrl(`cli/${command}.ts`));
    const child = spawn(process.execPath, ['--conditions=source', '--import', tsx, script, ...args], {
      env: { PATH: process.env.PATH, DATA_DIR: dataDir },
    });
    const exit = once(child, 'exit');
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: (await exit)[0], stdout, stderr };
  }

  it.each(['migrate', 'new-migration'] as const)('%s explains itself', async (command) => {
    expect(await runProcess(command, ['--help'])).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^Usage: npm run db:/),
      stderr: '',
    });
  });

  it('ends with 1 after one line', async () => {
    expect(await runProcess('migrate', ['nobody'])).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^"nobody": [^\n]*\n$/),
    });
  });
});
