import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@tributary/platform';
import { createCertificate, describeWithProgram, fillDeployedFile } from '@tributary/testing';
import type { ServiceName } from './start-process.ts';
import { until } from './until.ts';

/** `describe` for tests that need nginx. */
export const describeWithNginx = (name: string, tests: () => void): void =>
  describeWithProgram('nginx', '-v', name, tests);

/** One nginx in front of all services, with the configuration of `deploy/nginx`. */
export interface Nginx {
  /** Where clients reach the gateways: `https://localhost:…`. */
  origin: string;
  /** Where it sends clients on to https. */
  plainOrigin: string;
  /** PEM of who has signed its certificate. */
  ca: string;
  /** The errors that it has written. */
  errors(): string;
  stop(): Promise<void>;
}

/** Servers of one kind. */
export interface Upstream {
  /** Where nginx listens for them: on 127.0.0.1. */
  port: number;
  /** Where they listen, on 127.0.0.1 as well. */
  ports: readonly number[];
}

/** Starts nginx. @param upstreams - the servers need not be there yet */
export async function startNginx(upstreams: Readonly<Record<ServiceName, Upstream>>): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-nginx-'));
  const { cert, key } = createCertificate();
  await writeFile(join(folder, 'tls.crt'), cert);
  await writeFile(join(folder, 'tls.key'), key, { mode: 0o600 });
  const plainPort = await freePort();
  const variables = {
    LISTEN_HOST: '127.0.0.1',
    HTTP_PORT: String(plainPort),
    HTTPS_PORT: String(upstreams.gateway.port),
    TLS_FOLDER: folder,
    ...variablesOf('GATEWAY', upstreams.gateway),
    ...variablesOf('USERS', upstreams.users),
    ...variablesOf('PRODUCTS', upstreams.products),
    ...variablesOf('ORDERS', upstreams.orders),
  };
  for (const name of ['gateway', 'subgraphs'])
    await writeFile(
      join(folder, `${name}.conf`),
      await fillDeployedFile(`nginx/${name}.conf.template`, variables),
    );
  const config = join(folder, 'nginx.conf');
  await writeFile(config, mainFile(folder));
  const server = spawn('nginx', ['-p', folder, '-c', config, '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exit = once(server, 'exit');
  let output = '';
  server.stderr.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  await until(async () => {
    if (server.exitCode !== null) throw new Error(`nginx ended: ${output}`);
    return listens(upstreams.gateway.port);
  });
  return {
    origin: `https://localhost:${upstreams.gateway.port}`,
    plainOrigin: `http://localhost:${plainPort}`,
    ca: cert,
    errors: () => output,
    async stop() {
      server.kill('SIGTERM');
      await exit;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Ports for the balancer and for two servers of a kind. */
export async function twoBehindNginx(): Promise<Upstream> {
  const [port, ...ports] = [await freePort(), await freePort(), await freePort()] as [number, number, number];
  return { port, ports };
}

const variablesOf = (name: string, { port, ports }: Upstream): Record<string, string> => ({
  [`${name}_PORT`]: String(port),
  [`${name}_UPSTREAMS`]: ports.map((one) => `server 127.0.0.1:${one} max_fails=3 fail_timeout=2s;`).join(' '),
});

/** What the image of nginx has around the files of `conf.d`. */
const mainFile = (folder: string): string => `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr error;
events { worker_connections 1024; }
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n  ')}
  include ${folder}/gateway.conf;
  include ${folder}/subgraphs.conf;
}
`;

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
