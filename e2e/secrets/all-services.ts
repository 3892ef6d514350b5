import { readSettings as readGatewaySettings, startGateway } from '@tributary/gateway';
import { readSettings as readOrdersSettings, start as startOrders } from '@tributary/orders';
import { readSettings as readProductsSettings, start as startProducts } from '@tributary/products';
import { readSettings as readUsersSettings, start as startUsers } from '@tributary/users';

/** All services in one process, for `secrets.test.ts`, which reads what they write; tells where the gateway is. */
const { env } = process;
const subgraphs = {
  users: await startUsers(readUsersSettings(env)),
  products: await startProducts(readProductsSettings(env)),
  orders: await startOrders(readOrdersSettings(env)),
};
const urls = Object.entries(subgraphs).map(([name, { url }]) => `${name}=${url}`);
const gateway = await startGateway(
  readGatewaySettings({
    ...env,
    SUBGRAPH_URLS: urls.join(','),
    AUTH_JWKS_URL: new URL('/.well-known/jwks.json', subgraphs.users.url).href,
  }),
);
process.send?.(gateway.url);
