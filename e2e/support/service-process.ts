import { readSettings as readGatewaySettings, startGateway } from '@tributary/gateway';
import { readSettings as readOrdersSettings, start as startOrders } from '@tributary/orders';

/**
 * A service in a process of its own, for `start-process.ts`: tells where it is, then answers each message with the size
 * of its heap.
 */
const { SERVICE } = process.env;

const { url, adminUrl } =
  SERVICE === 'gateway'
    ? await startGateway(readGatewaySettings(process.env))
    : await startOrders(readOrdersSettings(process.env));
process.send?.({ url, adminUrl });
process.on('message', () => {
  globalThis.gc?.();
  process.send?.({ heap: process.memoryUsage().heapUsed });
});
