import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { freePort } from '@tributary/platform';
import { createCertificate, describeWithRedis, type OwnRedis, startOwnRedis } from '@tributary/testing';
import { startProgram } from '../support/program.ts';

describeWithRedis('a Redis that speaks TLS', () => {
  let folder: string;
  let certificate: string;
  let server: OwnRedis;
  let url: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tributary-redis-tls-'));
    const { cert, key } = createCertificate();
    certificate = join(folder, 'cert.pem');
    const keyFile = join(folder, 'key.pem');
    await Promise.all([writeFile(certificate, cert), writeFile(keyFile, key)]);
    const port = await freePort();
    server = await startOwnRedis(undefined, [
      ...['--tls-port', String(port), '--tls-auth-clients', 'no'],
      ...['--tls-cert-file', certificate, '--tls-key-file', keyFile],
    ]);
    url = `rediss://localhost:${port}`;
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const start = (env: Record<string, string>) =>
    startProgram('test/redis-tls/hear-itself.ts', [], { REDIS_URL: url, ...env });

  it('carries events, where NODE_EXTRA_CA_CERTS has who signed its certificate', async () => {
    expect(await start({ NODE_EXTRA_CA_CERTS: certificate }).exited).toEqual({
      code: 0,
      out: 'heard {"id":1}\n',
      err: '',
    });
  });

  it('is left alone where its certificate is not to be trusted, and the log says why', async () => {
    const program = start({});
    const log = new Promise<string>((resolve) =>
      program.child.stdout?.on('data', (chunk) => {
        if (String(chunk).includes('Redis cannot be reached')) resolve(String(chunk));
      }),
    );
    expect(await log).toContain('self-signed certificate');
    program.child.kill('SIGKILL');
    expect((await program.exited).out).not.toContain('heard');
  });
});
