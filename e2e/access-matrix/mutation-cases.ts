import { randomUUID } from 'node:crypto';
import { toGlobalId } from '@tributary/subgraph-kit';
import type { Graph } from '../support/start-graph.ts';
import {
  addCartLine,
  createCategory,
  createProduct,
  fillTokenCart,
  mustAsk,
  newVariant,
  PRICE,
  rowOf,
  rowsOf,
  type Shop,
} from './shop.ts';
import { OWNER } from './viewers.ts';

/** Makes the input of a mutation that would be carried out for who may; what it changes is new each time. */
export type MutationCase = (graph: Graph, shop: Shop) => Promise<Record<string, unknown>>;

const PASSWORD = 'a horse of another colour';
const ADDRESS = {
  recipient: 'Me',
  line1: '1 Main Street',
  city: 'Springfield',
  postalCode: '12345',
  countryCode: 'US',
};

/** By the mutation's name; on what belongs to the owner, or on what is the viewer's own. */
export const MUTATION_CASES: Record<string, MutationCase> = {
  cartLineAdd: async (_, { product }) => ({ variantId: product.variant }),
  cartLineUpdate: async (graph, shop) => ({ lineId: await newCartLine(graph, shop), quantity: 2 }),
  cartLineRemove: async (graph, shop) => ({ lineId: await newCartLine(graph, shop) }),
  cartMerge: async (graph, { product }) => ({
    cartToken: (await fillTokenCart(graph, product.variant)).token,
  }),
  async orderPlace(graph, shop) {
    await newCartLine(graph, shop);
    const { id } = await rowOf<{ id: string }>(graph, 'orders', 'SELECT id FROM carts WHERE user_id = $1', [
      OWNER,
    ]);
    return {
      idempotencyKey: randomUUID(),
      shippingAddressId: shop.address,
      expectedTotal: PRICE,
      cartId: toGlobalId('Cart', id),
    };
  },
  orderCancel: async (graph) => ({ id: await newOrder(graph) }),
  orderTransition: async (graph) => ({ id: await newOrder(graph), to: 'PAID', reason: 'paid in cash' }),
  productCreate: async () => ({ slug: `p-${randomUUID()}`, title: 'Thing', variants: [newVariant()] }),
  productUpdate: async (_, { product }) => ({ id: product.id, title: 'Other thing' }),
  productArchive: async (graph, { category }) => ({
    id: (await createProduct(graph, 'ACTIVE', category)).id,
  }),
  productVariantCreate: async (_, { product }) => ({ productId: product.id, variant: newVariant() }),
  productVariantUpdate: async (_, { product }) => ({ id: product.variant, title: 'Green' }),
  categoryCreate: async () => ({ slug: `c-${randomUUID()}`, name: 'Things' }),
  categoryUpdate: async (_, { category }) => ({ id: category, name: 'Other things' }),
  categoryDelete: async (graph) => ({ id: await createCategory(graph, null) }),
  productsImport: async () => ({ format: 'NDJSON', content: '{}\n', idempotencyKey: randomUUID() }),
  inventoryAdjust: async (_, { product }) => ({
    variantId: product.variant,
    delta: 1,
    reason: 'counted',
    idempotencyKey: randomUUID(),
  }),
  userRegister: async () => registration(),
  async sessionCreate(graph) {
    const { email, password } = await register(graph);
    return { email, password };
  },
  sessionRefresh: async (graph) => ({ refreshToken: (await register(graph)).refreshToken }),
  async sessionRevoke(graph) {
    const { id } = await rowOf<{ id: string }>(
      graph,
      'users',
      `INSERT INTO sessions (id, user_id, refresh_token_in, created_at, last_used_at, expires_at)
       VALUES (gen_random_uuid(), $1, 'BODY', now(), now(), now() + interval '1 day') RETURNING id`,
      [OWNER],
    );
    return { id: toGlobalId('UserSession', id) };
  },
  async passwordChange(graph) {
    const { email, password } = await register(graph);
    await rowsOf(
      graph,
      'users',
      `INSERT INTO credentials (user_id, password_hash, changed_at)
       SELECT $1, password_hash, now() FROM credentials JOIN users ON id = user_id WHERE email = $2
       ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash`,
      [OWNER, email],
    );
    return { currentPassword: password, newPassword: `${PASSWORD} again` };
  },
  userUpdate: async () => ({ displayName: 'Me' }),
  async userRoleAssign(graph) {
    const { id } = await rowOf<{ id: string }>(
      graph,
      'users',
      `INSERT INTO users (id, email, display_name, updated_at)
       VALUES (gen_random_uuid(), gen_random_uuid() || '@example.com', 'New', now()) RETURNING id`,
    );
    return { userId: toGlobalId('User', id), role: 'STAFF' };
  },
  addressCreate: async () => ({ kind: 'SHIPPING', address: ADDRESS }),
  addressUpdate: async (_, { address }) => ({ id: address, address: { line1: '2 Main Street' } }),
  async addressDelete(graph) {
    const { id } = await rowOf<{ id: string }>(
      graph,
      'users',
      `INSERT INTO addresses (id, user_id, kind, recipient, line1, city, postal_code, country_code)
       VALUES (gen_random_uuid(), $1, 'BILLING', 'Me', '1 Main Street', 'Springfield', '12345', 'US') RETURNING id`,
      [OWNER],
    );
    return { id: toGlobalId('Address', id) };
  },
  viewerDataExport: async () => ({}),
  viewerErase: async () => ({ confirm: true }),
};

/** Leaves one line, of one piece, in the owner's cart. */
async function newCartLine(graph: Graph, { product }: Shop): Promise<string> {
  const { id } = await rowOf<{ id: string }>(
    graph,
    'orders',
    `INSERT INTO carts (id, user_id, updated_at) VALUES (gen_random_uuid(), $1, now())
     ON CONFLICT (user_id) DO UPDATE SET updated_at = now() RETURNING id`,
    [OWNER],
  );
  await rowsOf(graph, 'orders', 'DELETE FROM cart_lines WHERE cart_id = $1', [id]);
  return addCartLine(graph, id, product.variant);
}

/** @param userId - the customer's, by default the owner's @returns the global id of an order that nobody has paid yet */
export async function newOrder(graph: Graph, userId = OWNER): Promise<string> {
  const { id } = await rowOf<{ id: string }>(
    graph,
    'orders',
    `WITH made AS (
       INSERT INTO orders (id, number, user_id, status, currency, total_minor, ship_to_recipient, ship_to_line1,
         ship_to_city, ship_to_postal_code, ship_to_country_code, updated_at)
       SELECT uuidv7(), $2, $3, 'PENDING_PAYMENT', currency, total_minor, ship_to_recipient,
         ship_to_line1, ship_to_city, ship_to_postal_code, ship_to_country_code, now()
       FROM orders WHERE user_id = $1 LIMIT 1 RETURNING id, currency, total_minor),
     event AS (
       INSERT INTO order_events (id, order_id, to_status) SELECT gen_random_uuid(), id, 'PENDING_PAYMENT' FROM made)
     INSERT INTO payments (order_id, currency, amount_minor, updated_at)
     SELECT id, currency, total_minor, now() FROM made RETURNING order_id AS id`,
    [OWNER, `TR-${randomUUID().slice(0, 4)}-${randomUUID().slice(0, 4)}`.toUpperCase(), userId],
  );
  return toGlobalId('Order', id);
}

const registration = () => ({ email: `${randomUUID()}@example.com`, password: PASSWORD, displayName: 'New' });

async function register(graph: Graph) {
  const input = registration();
  const { userRegister } = await mustAsk<{ userRegister: { session: { refreshToken: string } } }>(
    graph,
    'mutation ($input: UserRegisterInput!) { userRegister(input: $input) { session { refreshToken } } }',
    { input },
    'anonymous',
  );
  return { ...input, refreshToken: userRegister.session.refreshToken };
}
