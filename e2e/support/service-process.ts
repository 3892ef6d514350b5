import { readSettings as readGatewaySettings, startGateway } from '@tributary/gateway';
import { readSettings as readOrdersSettings, start as startOrders } from '@tributary/orders';
import { readSettings as readProductsSettings, start as startProducts } from '@tributary/products';
import { readSettings as readUsersSettings, start as startUsers } from '@tributary/users';
import type { ServiceName } from './start-process.ts';

/**
 * A service in a process of its own, for `start-process.ts`: tells where it is, then answers each message with the size
 * of its heap.
 */
const { env } = process;
const start: Record<ServiceName, () => Promise<{ url: string; adminUrl: string }>> = {
  gateway: () => startGateway(readGatewaySettings(env)),
  users: () => startUsers(readUsersSettings(env)),
  products: () => startProducts(readProductsSettings(env)),
  orders: () => startOrders(readOrdersSettings(env)),
};

const { url, adminUrl } = await start[env.SERVICE as ServiceName]();
process.send?.({ url, adminUrl });
process.on('message', () => {
  globalThis.gc?.();
  process.send?.({ heap: process.memoryUsage().heapUsed });
});
