import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { graphql } from '@tributary/testing';
import { processesNaming, type RunningCommand, runCommand } from '../support/run-command.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const LEFT_BEHIND_WAIT = 10_000; // 10 seconds

let dataDir: string;
const started: RunningCommand[] = [];
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tributary-start-'));
});
afterEach(async () => {
  for (const command of started.splice(0)) {
    command.signal('SIGTERM');
    await command.exit;
  }
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const env = (): Record<string, string> => ({
  DATA_DIR: dataDir,
  SEED_SCALE: '0.02',
  ...Object.fromEntries(
    ['', 'USERS_', 'PRODUCTS_', 'ORDERS_'].flatMap((name) => [
      [`${name}PORT`, '0'],
      [`${name}ADMIN_PORT`, '0'],
    ]),
  ),
});

function start(more: Record<string, string> = {}): RunningCommand {
  const command = runCommand(['packages/stack/dist/cli/start.js'], {
    cwd: REPOSITORY,
    env: { ...env(), ...more },
  });
  started.push(command);
  return command;
}

/** @returns the address of GraphQL, once the table has been printed */
async function ready(command: RunningCommand): Promise<string> {
  await command.until(/Ready\./);
  return (await command.until(/GraphQL +│ (http:\S+)/))[1] as string;
}

async function end(command: RunningCommand, signal: NodeJS.Signals): Promise<number | null> {
  command.signal(signal);
  return command.exit;
}

async function nothingIsLeft(): Promise<void> {
  const deadline = Date.now() + LEFT_BEHIND_WAIT;
  while (processesNaming(dataDir).length > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(processesNaming(dataDir)).toEqual([]);
}

/** Starts what cannot be started. @returns the last line */
async function failing(more: Record<string, string>): Promise<string | undefined> {
  const command = start(more);
  expect(await command.exit).toBe(1);
  expect(command.output()).not.toMatch(/^\s+at /m);
  return command.output().trim().split('\n').at(-1);
}

/** @returns an access token of a demo account */
async function tokenOf(email: string): Promise<string> {
  const command = runCommand(
    ['--conditions=source', '--import', 'tsx', 'packages/stack/src/cli/token.ts', email],
    { cwd: REPOSITORY, env: env() },
  );
  expect(await command.exit).toBe(0);
  return command.output().trim();
}

const TITLE = '{ products(first: 1) { edges { node { title } } } viewer { email } }';

describe('npm start', () => {
  it('starts the whole graph, signs demo accounts in by a token, keeps its data, and leaves nothing behind', async () => {
    const first = start();
    const url = await ready(first);
    expect(first.output()).toMatch(/✔ PostgreSQL +\d+\.\d s/);
    expect(first.output()).toMatch(/✔ Demo shop +\d+\.\d s +scale 0.02/);
    expect(first.output()).toContain('customer@example.com');
    const { data, errors } = await graphql(url, { query: TITLE });
    expect(errors).toBeUndefined();
    expect((await fetch(new URL('/health/ready', url))).status).toBe(200);
    const signedIn = await graphql(url, {
      query: TITLE,
      headers: { authorization: `Bearer ${await tokenOf('customer@example.com')}` },
    });
    expect(signedIn.data).toMatchObject({ viewer: { email: 'customer@example.com' } });
    expect(await end(first, 'SIGINT')).toBe(0);
    await nothingIsLeft();

    const second = start();
    const again = await graphql(await ready(second), { query: TITLE });
    expect(again.data).toEqual(data);
    expect(second.output()).toContain('kept as it was');
    expect(await end(second, 'SIGTERM')).toBe(0);
    await nothingIsLeft();
  }, 120_000); // 2 minutes, where others keep the machine busy

  it('goes on after it was killed, and keeps others out of its data', async () => {
    const killed = start();
    await ready(killed);
    expect(await end(killed, 'SIGKILL')).toBeNull();
    const next = start();
    const { errors } = await graphql(await ready(next), { query: TITLE });
    expect(errors).toBeUndefined();
    expect(await failing({})).toMatch(new RegExp(`^DATA_DIR: ${dataDir} is in use by process ${next.pid}; `));
    expect(await end(next, 'SIGTERM')).toBe(0);
    await nothingIsLeft();
  });
});

describe('one line that names the setting, and exit code 1', () => {
  it.each(['PORT', 'ORDERS_PORT', 'USERS_ADMIN_PORT'])('%s is taken', async (setting) => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as AddressInfo;
    expect(await failing({ [setting]: String(port) })).toBe(
      `${setting}: port ${port} is taken; choose another`,
    );
    await nothingIsLeft();
    taken.close();
  });

  it('a database cannot be reached', async () => {
    const url = 'postgresql://somebody:planted-secret@127.0.0.1:1/users';
    const line = await failing({ USERS_DATABASE_URL: url });
    expect(line).toMatch(/^USERS_DATABASE_URL: /);
    expect(line).not.toContain('planted-secret');
  });

  it('several settings are wrong at once', async () => {
    const line = await failing({ PORT: 'http', SEED_SCALE: '-1' });
    expect(line).toContain('PORT');
    expect(line).toContain('SEED_SCALE');
  });
});
