import { fileURLToPath } from 'node:url';
import { createSigningKey, type Environment, signAccessToken } from '@tributary/platform';
import { type Database, DEMO, makeDatasets, seedDatabase, userId } from '@tributary/prisma/seed';
import { createTestDatabase, TEST_SECRET, type TestDatabase } from '@tributary/testing/outside-jest';

/** Who asks: a demo account, or nobody. */
export type Viewer = keyof typeof DEMO | 'anonymous';

/** What the services of a graph stand on. */
export interface Ground {
  /** Their own addresses, for who looks into them. */
  databases: Record<Database, TestDatabase>;
  /** The settings that all services share, with ports of the system's choosing. */
  env: Environment;
  /** The header that signs an account in. */
  authorization(viewer: Viewer): Promise<Record<string, string>>;
  /**
   * The header that signs any user in.
   *
   * @param id - the user's uuid
   * @param role - by default a customer's
   * @param seconds - that the token is good for, 600 by default
   */
  authorizationOf(id: string, role?: keyof typeof DEMO, seconds?: number): Promise<Record<string, string>>;
  /** Drops the databases. */
  clear(): Promise<void>;
}

export interface GroundOptions {
  /** Of the demo shop. @default 0.05 */
  scale?: number | undefined;
  /** Connection string of the PostgreSQL that has the databases. @default TEST_POSTGRES_URL */
  postgres?: string | undefined;
  /** Gives another address by which the subgraphs reach a database. @default the database's own */
  wayTo?: ((database: string) => Promise<string>) | undefined;
}

/** What a gateway of the shop is told by files. */
export const GATEWAY_FILES = {
  SUPERGRAPH: fileURLToPath(new URL('../../supergraph.yaml', import.meta.url)),
  GATEWAY_CONFIG: fileURLToPath(new URL('../../gateway.yaml', import.meta.url)),
};

const AUTHORITY = { issuer: 'https://e2e.test', audience: 'e2e' };

/** Makes a database for each subgraph, filled with the demo shop, and the keys that they share. */
export async function layGround({
  scale = 0.05,
  postgres,
  wayTo = async (database) => database,
}: GroundOptions): Promise<Ground> {
  const key = await createSigningKey('e2e');
  let datasets: ReturnType<typeof makeDatasets> | undefined;
  const database = (name: Database) =>
    createTestDatabase(name, {
      server: postgres,
      seed: {
        key: `scale ${scale}`,
        async run(url) {
          datasets ??= makeDatasets(scale);
          await seedDatabase({ url, dataset: datasets[name] });
        },
      },
    });
  const databases = {
    users: await database('users'),
    products: await database('products'),
    orders: await database('orders'),
  };
  const bearer = async (subject: string, role: string, seconds = 600) => {
    const token = await signAccessToken({ subject, scopes: [role] }, key, AUTHORITY, seconds);
    return { authorization: `Bearer ${token}` };
  };
  return {
    databases,
    env: {
      NODE_ENV: 'test',
      LOG_LEVEL: 'fatal',
      PORT: '0',
      ADMIN_PORT: '0',
      INTERNAL_SECRET: TEST_SECRET,
      AUTH_SIGNING_KEYS: JSON.stringify([key]),
      AUTH_ISSUER: AUTHORITY.issuer,
      AUTH_AUDIENCE: AUTHORITY.audience,
      USERS_DATABASE_URL: await wayTo(databases.users.url),
      PRODUCTS_DATABASE_URL: await wayTo(databases.products.url),
      ORDERS_DATABASE_URL: await wayTo(databases.orders.url),
    },
    authorization: async (viewer) => (viewer === 'anonymous' ? {} : bearer(userId(DEMO[viewer]), viewer)),
    authorizationOf: (id, role = 'customer', seconds) => bearer(id, role, seconds),
    async clear() {
      for (const { drop } of Object.values(databases)) await drop();
    },
  };
}
