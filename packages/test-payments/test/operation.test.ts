import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { READY, StartupError } from '@tributary/platform';
import { readSettings } from '../src/index.ts';
import { type Harness, never, ORDER, startHarness } from './support/provider.ts';

const open: Harness[] = [];
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await Promise.all(open.splice(0).map((harness) => harness.close()));
});

async function start(...args: Parameters<typeof startHarness>): Promise<Harness> {
  const harness = await startHarness(...args);
  open.push(harness);
  return harness;
}

describe('an outage', () => {
  it('answers with errors, does nothing, and ends', async () => {
    const { provider, post } = await start({ behaviour: never });
    provider.failNextRequests(2, 503);
    provider.failNextRequests(1, 429);
    const statuses: number[] = [];
    for (let request = 0; request < 4; request += 1) {
      statuses.push((await post('/v1/payments', ORDER, 'k')).status);
    }
    expect(statuses).toEqual([503, 503, 429, 201]);
    expect(provider.payments.size).toBe(1);
  });

  it('hangs, and does nothing, until the provider ends', async () => {
    const { provider, post } = await start({ behaviour: never });
    provider.failNextRequests(1, 'hang');
    const both = ['a', 'b'].map((key) => post('/v1/payments', ORDER, key));
    const settled = Promise.allSettled(both);
    // One of them is answered, which shows that the other has come as well, as it took the fault.
    const { status, payment } = await Promise.race(both);
    expect([status, [...provider.payments.values()]]).toEqual([201, [payment]]);
    await provider.close();
    expect((await settled).map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(provider.payments.size).toBe(1);
  });

  it('loses the answer to what was done, which the key gives again', async () => {
    const { provider, post } = await start({ behaviour: never });
    provider.failNextRequests(1, 'lose answer');
    await expect(post('/v1/payments', ORDER, 'k')).rejects.toThrow('fetch failed');
    const [made] = provider.payments.values();
    expect((await post('/v1/payments', ORDER, 'k')).payment).toEqual(made);
    expect(provider.payments.size).toBe(1);
  });

  it('is not for the health checks', async () => {
    const { provider } = await start();
    provider.failNextRequests(1, 500);
    expect((await fetch(`${provider.url}/health/ready`)).status).toBe(200);
    expect((await fetch(`${provider.adminUrl}/metrics`)).status).toBe(200);
  });
});

describe('a provider', () => {
  it('closes at once with outcomes, tries and webhooks under way, which do not come any more', async () => {
    const later = { settleAfterMs: 3_600_000 };
    const { provider, receiver, pay } = await start({
      behaviour: ({ reference }) => (reference === 'later' ? later : {}),
      retryDelays: [3_600_000],
      webhookTimeoutMs: 3_600_000,
    });
    receiver.answers.push(500, 'hang');
    await pay({ reference: 'later' });
    await pay();
    await expectEventually(async () => provider.attempts.length === 1);
    await pay();
    await expectEventually(async () => receiver.received.length === 2);
    await provider.close();
    expect(provider.events.length).toBe(2);
    expect(provider.attempts.map(({ status }) => status)).toEqual([500, null]);
  });

  it('does not start in production, unless it is allowed to', async () => {
    const production = { NODE_ENV: 'production' };
    await expect(startHarness({}, production)).rejects.toThrow(StartupError);
    await expect(startHarness({}, production)).rejects.toThrow(/^ALLOW_TEST_PAYMENTS: /);
    const { provider } = await start({}, { ...production, ALLOW_TEST_PAYMENTS: 'true' });
    expect((await fetch(`${provider.url}/health/live`)).status).toBe(200);
  });

  it('names the settings that are missing or wrong, and a port that is taken', async () => {
    expect(() => readSettings({ PAYMENT_WEBHOOK_URL: 'orders', SETTLE_AFTER_MS: 'soon' })).toThrow(
      /^PAYMENT_SECRET: is required; PAYMENT_WEBHOOK_URL: must be an http.*; PAYMENT_WEBHOOK_SECRET: is required; SETTLE_AFTER_MS: /,
    );
    expect(readSettings({ PAYMENT_SECRET: 'a', PAYMENT_WEBHOOK_SECRET: 'b' })).toMatchObject({
      PORT: 4020,
      ADMIN_PORT: 4030,
      SETTLE_AFTER_MS: 500,
      ALLOW_TEST_PAYMENTS: false,
    });
    const { provider } = await start();
    const { port } = new URL(provider.url);
    await expect(startHarness({}, { PORT: port })).rejects.toThrow(`PORT: port ${port} is taken`);
  });

  it('is a process that starts, and ends at SIGTERM', async () => {
    const child = fork(fileURLToPath(new URL('../src/main.ts', import.meta.url)), {
      execArgv: ['--conditions=source', '--import', 'tsx'],
      env: {
        PATH: process.env.PATH ?? '',
        PORT: '0',
        ADMIN_PORT: '0',
        LOG_LEVEL: 'silent',
        PAYMENT_SECRET: 'a',
        PAYMENT_WEBHOOK_SECRET: 'b',
      },
    });
    children.push(child);
    expect((await once(child, 'message'))[0]).toBe(READY);
    child.kill('SIGTERM');
    expect((await once(child, 'exit'))[0]).toBe(0);
  });
});

/** Waits until something is so; the test's own deadline ends it. */
async function expectEventually(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
}
