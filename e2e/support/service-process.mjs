import { runService } from '@tributary/platform';

/**
 * Each loads no more than it needs.
 *
 * @type {Record<string, () => Promise<import('@tributary/platform').RunningService & { url: string; adminUrl: string }>>}
 */
const starts = {
  async gateway() {
    const { readSettings, startGateway } = await import('@tributary/gateway');
    return startGateway(readSettings(process.env));
  },
  async users() {
    const { readSettings, start } = await import('@tributary/users');
    return start(readSettings(process.env));
  },
  async products() {
    const { readSettings, start } = await import('@tributary/products');
    return start(readSettings(process.env));
  },
  async orders() {
    const { readSettings, start } = await import('@tributary/orders');
    return start(readSettings(process.env));
  },
};

/**
 * A service in a process of its own, for `start-process.ts`: tells where it is, then answers each message with the size
 * of its heap.
 */
await runService(async () => {
  const service = await starts[String(process.env.SERVICE)]?.();
  if (!service) throw new Error(`there is no service ${process.env.SERVICE}`);
  process.send?.({ url: service.url, adminUrl: service.adminUrl });
  return service;
});
process.on('message', () => {
  globalThis.gc?.();
  process.send?.({ heap: process.memoryUsage().heapUsed });
});
