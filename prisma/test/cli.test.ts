import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readArguments } from '../seed/arguments.ts';
import type { Database } from '../seed/index.ts';
import { count, createDatabases, dropDatabases } from './databases.ts';

const CLI = fileURLToPath(new URL('../seed/cli.ts', import.meta.url));

interface Result {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs the command as `npm run seed` does.
 * @param interruptAt - send SIGTERM once this has been printed
 */
function run(args: string[], env: Record<string, string> = {}, interruptAt?: string): Promise<Result> {
  const child = spawn(process.execPath, ['--conditions=source', '--import', 'tsx', CLI, ...args], {
    env: { ...process.env, ...env },
  });
  const result: Result = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (text) => {
    result.stdout += text;
    if (interruptAt && result.stdout.includes(interruptAt)) child.kill('SIGTERM');
  });
  child.stderr.on('data', (text) => {
    result.stderr += text;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ ...result, code })));
}

describe('the arguments', () => {
  it.each([
    [[], { scale: 1, reset: false, help: false }],
    [['--scale', '10', '--reset'], { scale: 10, reset: true, help: false }],
    [['--scale=.5', '-h'], { scale: 0.5, reset: false, help: true }],
  ])('%j are understood', (args, expected) => {
    expect(readArguments(args)).toEqual(expected);
  });

  it.each([
    [['--scale', '0'], '--scale: must be a number above 0'],
    [['--scale=-1'], '--scale: must be a number above 0'],
    [['--scale', 'ten'], '--scale: must be a number above 0'],
    [['--scale', ''], '--scale: must be a number above 0'],
    [['--scale', '1e1'], '--scale: must be a number above 0'],
    [['--scale', '101'], 'at most 100'],
    [['--scale', '-1'], "Option '--scale' argument is ambiguous"],
    [['--scale'], "Option '--scale <value>' argument missing"],
    [['--speed'], "Unknown option '--speed'"],
    [['10'], "Unexpected argument '10'"],
  ])('%j are refused in one line', (args, message) => {
    expect(() => readArguments(args)).toThrow(message);
    expect(() => readArguments(args)).toThrow(/^[^\n]*$/);
  });
});

describe('the command', () => {
  let urls: Record<Database, string>;
  let env: Record<string, string>;

  beforeAll(async () => {
    urls = await createDatabases();
    env = {
      USERS_DATABASE_URL: urls.users,
      PRODUCTS_DATABASE_URL: urls.products,
      ORDERS_DATABASE_URL: urls.orders,
    };
  });
  afterAll(() => dropDatabases(urls));

  it('explains itself', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: npm run seed/);
  });

  it('refuses bad arguments with one line and exit code 1', async () => {
    const { code, stdout, stderr } = await run(['--scale', '0'], env);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe('--scale: must be a number above 0 and at most 100, such as 1 or 0.1\n');
  });

  it('names the setting of a database that cannot be reached', async () => {
    const { code, stderr } = await run([], {
      ...env,
      ORDERS_DATABASE_URL: 'postgresql://u:secret@127.0.0.1:1/orders',
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ORDERS_DATABASE_URL: .*\n$/);
    expect(stderr).not.toContain('secret');
  });

  it('ends in one line when it is interrupted, and leaves nothing in the database it was writing', async () => {
    const { code, stderr } = await run([], env, '  orders: ');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'interrupted; the database that was being written is as it was before\n',
    });
    expect(await count(urls.orders, 'orders')).toBe(0);
  });

  it('shows its progress in plain lines and what it wrote, and the second time that it wrote nothing', async () => {
    const first = await run(['--scale', '0.02', '--reset'], env);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/^ {2}users: 10% \(40 of 260\)$/m);
    expect(first.stdout).toMatch(/^ {2}orders: 100% \(260 of 260\)$/m);
    expect(first.stdout).toMatch(/^products +product_variants +80 /m);
    expect(first.stdout).toMatch(/^scale 0\.02, [\d.]+ s$/m);
    const second = await run(['--scale', '0.02'], env);
    expect(second.stdout.match(/has rows already/g)).toHaveLength(3);
  });
});
