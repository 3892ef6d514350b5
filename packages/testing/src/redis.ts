import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from '@jest/globals';
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
export async function startOwnRedis(
  port?: number,
): Promise<{ url: string; port: number; stop(): Promise<void> }> {
  const chosen = port ?? (await freePort());
  const dir = await mkdtemp(join(tmpdir(), 'tributary-redis-'));
  const server = spawn(
    'redis-server',
    ['--port', String(chosen), '--bind', '127.0.0.1', '--save', '', '--dir', dir],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  await ready(server);
  return {
    url: `redis://127.0.0.1:${chosen}`,
    port: chosen,
    async stop() {
      if (server.exitCode === null && server.signalCode === null) {
        const ended = new Promise((resolve) => server.once('exit', resolve));
        server.kill('SIGTERM');
        await ended;
      }
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    server.stdout?.on('data', (chunk: Buffer) => {
      output += chunk;
      if (output.includes('Ready to accept connections')) resolve();
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${output}`)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
