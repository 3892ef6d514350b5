import type { Environment } from '@tributary/platform';
import { TEST_SECRET } from '@tributary/testing';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';
import { type Shop, startShop } from './shop.ts';

/** The shop behind a gateway, which believes the tokens of an issuer. */
export interface ServedShop {
  shop: Shop;
  issuer: TestIssuer;
  gateway: TestGateway;
  stop(): Promise<void>;
}

/** Starts all of them. @param env - further settings of the gateway */
export async function serveShop(env: Environment = {}): Promise<ServedShop> {
  const [shop, issuer] = await Promise.all([startShop(), startIssuer()]);
  const gateway = await startTestGateway([shop.orders, shop.customers], {
    ...issuer.settings,
    INTERNAL_SECRET: TEST_SECRET,
    ...env,
  });
  return {
    shop,
    issuer,
    gateway,
    async stop() {
      await gateway.close();
      await Promise.all([shop.stop(), issuer.stop()]);
    },
  };
}
