import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';

const FIXTURE = fileURLToPath(new URL('./fixtures/service.ts', import.meta.url));

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** What the service tells its parent. */
interface Message {
  address?: { port: number };
  underWay?: true;
  draining?: true;
}

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
  const told = <Value>(pick: (message: Message) => Value | undefined) =>
    new Promise<Value>((resolve) => {
      child.on('message', (message: Message) => {
        const value = pick(message);
        if (value !== undefined) resolve(value);
      });
    });
  const ready = told(({ address }) => address && `http://127.0.0.1:${address.port}`);
  /** Resolves when the first request has come in. */
  const underWay = told((message) => message.underWay);
  const draining = told((message) => message.draining);
  const output = () => allRead.then(() => printed);
  return { child, exit, ready, underWay, draining, output };
}

describe('runService', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'finishes what is under way at %s, and exits with 0',
    async (signal) => {
      const { child, exit, ready, underWay } = start();
      const request = fetch(await ready);
      await underWay;
      child.kill(signal);
      expect(await (await request).text()).toBe('finished');
      expect(await exit).toBe(0);
    },
  );

  it('gives up a shutdown that takes longer than its grace', async () => {
    const { child, exit, ready, underWay } = start({ GRACE: '50' });
    const request = fetch(await ready).catch(() => 'cut off');
    await underWay;
    child.kill('SIGTERM');
    expect(await exit).toBe(1);
    expect(await request).toBe('cut off');
  });

  it('says that it will end before it takes no more requests', async () => {
    const { child, exit, ready, draining } = start({ DELAY: '1000' });
    const url = await ready;
    child.kill('SIGTERM');
    await draining;
    expect(await (await fetch(url)).text()).toBe('finished');
    expect(await exit).toBe(0);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends at once at a second signal, %s', async (signal) => {
    const { child, exit, ready, draining } = start({ DELAY: '600000' });
    await ready;
    child.kill('SIGTERM');
    await draining;
    // One that comes with the first is the same one, handed on by somebody.
    const again = setInterval(() => child.kill(signal), 50);
    expect(await exit).toBe(signal === 'SIGTERM' ? 143 : 130);
    clearInterval(again);
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
