import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';

const FIXTURE = fileURLToPath(new URL('./fixtures/service.ts', import.meta.url));

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function start(env: Record<string, string> = {}) {
  const child = fork(FIXTURE, {
    execArgv: ['--conditions=source', '--import', 'tsx'],
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  children.push(child);
  let printed = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    printed += chunk;
  });
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const allRead = new Promise((resolve) => child.stderr?.once('end', resolve));
  const ready = new Promise<string>((resolve) => {
    child.on('message', (message: { address?: { port: number } }) => {
      if (message.address) resolve(`http://127.0.0.1:${message.address.port}`);
    });
  });
  const output = () => allRead.then(() => printed);
  return { child, exit, ready, output };
}

describe('runService', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'finishes what is under way at %s, and exits with 0',
    async (signal) => {
      const { child, exit, ready } = start();
      const request = fetch(await ready);
      // The request has reached the service once its connection is made, which the answer of another shows.
      await new Promise((resolve) => setImmediate(resolve));
      await fetch(await ready);
      const second = fetch(await ready);
      await request;
      child.kill(signal);
      expect(await (await second).text()).toBe('finished');
      expect(await exit).toBe(0);
    },
  );

  it('gives up a shutdown that takes longer than its grace', async () => {
    const { child, exit, ready } = start({ GRACE: '50' });
    const request = fetch(await ready).catch(() => 'cut off');
    await new Promise((resolve) => setTimeout(resolve, 100)); // the request is in the middle of its 300 ms
    child.kill('SIGTERM');
    expect(await exit).toBe(1);
    expect(await request).toBe('cut off');
  });

  it('ends when its parent is gone', async () => {
    const { child, exit, ready } = start();
    await ready;
    child.disconnect();
    expect(await exit).toBe(0);
  });

  it('tells a reason not to start in one line, and a fault with its stack', async () => {
    const startup = start({ FAIL: 'startup' });
    expect(await startup.exit).toBe(1);
    expect(await startup.output()).toBe('PORT: port 1 is taken; choose another\n');
    const fault = start({ FAIL: 'fault' });
    expect(await fault.exit).toBe(1);
    expect(await fault.output()).toMatch(/a fault of the code\n\s+at /);
  });
});
