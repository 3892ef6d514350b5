import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from '@jest/globals';
import { freePort } from '@tributary/platform';
import { until } from './until.ts';

/**
 * `describe` for tests that need nginx. Without one on the PATH they are left out with a warning; under `CI=true` that is
 * a failure.
 */
export function describeWithNginx(name: string, tests: () => void): void {
  if (spawnSync('nginx', ['-v']).status === 0) return void describe(name, tests);
  const reason = `"${name}" was left out: no nginx on the PATH`;
  if (process.env.CI === 'true') {
    return void it(name, () => {
      throw new Error(reason);
    });
  }
  console.warn(reason);
  describe.skip(name, tests);
}

/** One nginx that balances load between servers. */
export interface Nginx {
  /** The errors that it has written. */
  errors(): string;
  stop(): Promise<void>;
}

/** Servers of one kind. */
export interface Upstream {
  /** Where nginx listens for them: on 127.0.0.1. */
  port: number;
  /** Where they are, each `host:port`. */
  servers: readonly string[];
}

/**
 * Starts nginx: it keeps connections to the servers open, takes turns, goes to the next server when one cannot be connected
 * to, and never sends a POST twice. It shuns no server after a failure: with two of them, it would soon shun both.
 *
 * @param upstreams - by name; the servers need not be there yet
 */
export async function startNginx(upstreams: Readonly<Record<string, Upstream>>): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-nginx-'));
  const config = join(folder, 'nginx.conf');
  await writeFile(config, configOf(folder, upstreams));
  const server = spawn('nginx', ['-p', folder, '-c', config, '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exit = once(server, 'exit');
  let output = '';
  server.stderr.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  for (const { port } of Object.values(upstreams)) {
    await until(async () => {
      if (server.exitCode !== null) throw new Error(`nginx ended: ${output}`);
      return fetch(`http://127.0.0.1:${port}/`).then(
        () => true,
        () => false,
      );
    });
  }
  return {
    errors: () => output,
    async stop() {
      server.kill('SIGTERM');
      await exit;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Ports for the balancer and for two servers of a kind. */
export async function twoBehindNginx(): Promise<Upstream & { ports: number[] }> {
  const [port, ...ports] = [await freePort(), await freePort(), await freePort()] as [number, number, number];
  return { port, ports, servers: ports.map((one) => `127.0.0.1:${one}`) };
}

const configOf = (folder: string, upstreams: Readonly<Record<string, Upstream>>): string => `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr error;
events { worker_connections 1024; }
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n  ')}
  proxy_http_version 1.1;
  proxy_set_header Connection "";
${Object.entries(upstreams)
  .map(
    ([name, { port, servers }]) => `
  upstream ${name} {
    ${servers.map((server) => `server ${server} max_fails=0;`).join('\n    ')}
    keepalive 4;
  }
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://${name}; }
  }`,
  )
  .join('\n')}
}
`;
