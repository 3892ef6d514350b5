import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@tributary/platform';

/** A Redis server that belongs to the test, so that it can be stopped, started again and broken. */
export interface OwnRedis {
  url: string;
  port: number;
  /** @param signal - `SIGKILL` for a server that dies. @default SIGTERM */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Stops its process in its tracks (SIGSTOP): connections are made, and nothing is answered. */
  suspend(): void;
  /** Has it go on with what came in meanwhile (SIGCONT). */
  resume(): void;
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
    suspend: () => void server.kill('SIGSTOP'),
    resume: () => void server.kill('SIGCONT'),
    async stop(signal = 'SIGTERM') {
      if (server.exitCode === null && server.signalCode === null) {
        const ended = new Promise((resolve) => server.once('exit', resolve));
        server.kill(signal);
        server.kill('SIGCONT'); // one that was stopped in its tracks hears of it only then
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
