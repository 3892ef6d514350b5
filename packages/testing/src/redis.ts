import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from '@jest/globals';
import { freePort } from '@tributary/platform';
import { redisAvailable } from './redis-available.ts';

/** A Redis of one test file. */
export interface TestRedis {
  url: string;
  /** Starts every key of this test, since the server may be shared. */
  prefix: string;
  /** Ends the server, where the test started it. */
  stop(): Promise<void>;
}

/**
 * `describe` for tests that need Redis. Without one they are left out with a warning; under `CI=true` that is a
 * failure.
 */
export function describeWithRedis(name: string, tests: () => void): void {
  if (redisAvailable()) return void describe(name, tests);
  const reason = `"${name}" was left out: no Redis (set REDIS_URL, or put redis-server on the PATH)`;
  if (process.env.CI === 'true') {
    return void it(name, () => {
      throw new Error(reason);
    });
  }
  console.warn(reason);
  describe.skip(name, tests);
}

/** The Redis of `REDIS_URL`, or one started for this test on a free port. */
export async function startTestRedis(): Promise<TestRedis> {
  const prefix = `test:${randomUUID()}:`;
  if (process.env.REDIS_URL) return { url: process.env.REDIS_URL, prefix, stop: async () => undefined };
  return { ...(await startOwnRedis()), prefix };
}

/** A Redis server that belongs to the test, so that it can be stopped, started again and broken. */
export interface OwnRedis {
  url: string;
  port: number;
  /** @param signal - `SIGKILL` for a server that dies. @default SIGTERM */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/**
 * Starts a Redis server.
 *
 * @param port - @default a free one
 * @param args - more arguments of `redis-server`
 * @param ready - what it writes when it can be used
 */
export async function startOwnRedis(
  port?: number,
  args: readonly string[] = [],
  ready = 'Ready to accept connections',
): Promise<OwnRedis> {
  const chosen = port ?? (await freePort());
  const dir = await mkdtemp(join(tmpdir(), 'tributary-redis-'));
  const server = spawn(
    'redis-server',
    [
      ...args,
      '--port',
      String(chosen),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      ...(args.includes('--dir') ? [] : ['--dir', dir]),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  await written(server, ready);
  return {
    url: `redis://127.0.0.1:${chosen}`,
    port: chosen,
    async stop(signal = 'SIGTERM') {
      if (server.exitCode === null && server.signalCode === null) {
        const ended = new Promise((resolve) => server.once('exit', resolve));
        server.kill(signal);
        await ended;
      }
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function written(server: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    server.stdout?.on('data', (chunk: Buffer) => {
      output += chunk;
      if (output.includes(text)) resolve();
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${output}`)));
  });
}
