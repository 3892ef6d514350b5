import { randomUUID } from 'node:crypto';
import { withClient } from '@tributary/database';
import type { Database } from '@tributary/prisma/seed';
import { toGlobalId } from '@tributary/subgraph-kit';
import type { Graph } from '../support/start-graph.ts';
import { until } from '../support/until.ts';
import { OTHER_CUSTOMER, OWNER } from './viewers.ts';

/** Asks the gateway as somebody who may, and hands out the data. @throws Error when there is an error */
export async function mustAsk<Data>(
  graph: Graph,
  query: string,
  variables: Record<string, unknown> = {},
  viewer: 'anonymous' | 'customer' | 'staff' = 'staff',
): Promise<Data> {
  const { data, errors } = await graph.ask<Data>(query, { viewer, variables });
  if (errors) throw new Error(`${query}: ${JSON.stringify(errors)}`);
  return data;
}

/** Runs a statement, and hands out its rows. */
export const rowsOf = <Row extends object>(
  graph: Graph,
  database: Database,
  statement: string,
  values: unknown[] = [],
): Promise<Row[]> =>
  withClient(
    graph.databases[database].url,
    async (client) => (await client.query<Row>(statement, values)).rows,
  );

/** The first of the rows. @throws Error when there is none */
export async function rowOf<Row extends object>(
  graph: Graph,
  database: Database,
  statement: string,
  values: unknown[] = [],
): Promise<Row> {
  const [row] = await rowsOf<Row>(graph, database, statement, values);
  if (!row) throw new Error(`no row: ${statement}`);
  return row;
}

/** Global ids of what there is to see, with no field of it empty. */
export interface Shop {
  user: string;
  address: string;
  session: string;
  dataExport: string;
  order: { id: string; number: string; line: string; event: string };
  cart: { id: string; line: string };
  /** Filled by nobody in particular. */
  tokenCart: { id: string; line: string; token: string };
  category: string;
  product: { id: string; slug: string; variant: string };
  /** Not on sale yet. */
  draft: { id: string; slug: string; variant: string };
  importRun: string;
}

/** Fills the graph with what a customer and the staff leave behind. */
export async function fillShop(graph: Graph): Promise<Shop> {
  await rowsOf(
    graph,
    'users',
    `INSERT INTO users (id, email, display_name, updated_at) VALUES ($1, 'other@example.com', 'Other', now())`,
    [OTHER_CUSTOMER],
  );
  const { category, product, draft } = await fillCatalogue(graph);
  return {
    user: toGlobalId('User', OWNER),
    ...(await fillAccount(graph)),
    order: await fillOrder(graph, product.variant),
    cart: await cartOf(graph, product.variant),
    tokenCart: await fillTokenCart(graph, product.variant),
    category,
    product,
    draft,
    importRun: await runImport(graph),
  };
}

async function fillAccount(graph: Graph) {
  const address = await rowOf<{ id: string }>(
    graph,
    'users',
    `UPDATE addresses SET line2 = 'Second floor', region = 'CA' WHERE user_id = $1 RETURNING id`,
    [OWNER],
  );
  const session = await rowOf<{ id: string }>(
    graph,
    'users',
    `INSERT INTO sessions (id, user_id, refresh_token_in, created_at, last_used_at, expires_at)
     VALUES (gen_random_uuid(), $1, 'BODY', now(), now(), now() + interval '1 day') RETURNING id`,
    [OWNER],
  );
  const { viewerDataExport } = await mustAsk<{ viewerDataExport: { dataExport: { id: string } } }>(
    graph,
    'mutation { viewerDataExport { dataExport { id } } }',
    {},
    'customer',
  );
  const finished = 'SELECT id FROM data_exports WHERE user_id = $1 AND finished_at IS NOT NULL';
  await until(async () => (await rowsOf(graph, 'users', finished, [OWNER])).length > 0);
  return {
    address: toGlobalId('Address', address.id),
    session: toGlobalId('UserSession', session.id),
    dataExport: viewerDataExport.dataExport.id,
  };
}

/** Makes one of the owner's orders the newest, with something in every field. */
async function fillOrder(graph: Graph, variant: string) {
  const { id, number } = await rowOf<{ id: string; number: string }>(
    graph,
    'orders',
    `UPDATE orders SET ship_to_line2 = 'Second floor', ship_to_region = 'CA', placed_at = now()
     WHERE id = (SELECT id FROM orders WHERE user_id = $1 AND status = 'PAID' LIMIT 1)
     RETURNING id, number`,
    [OWNER],
  );
  await rowsOf(graph, 'orders', `UPDATE payments SET failure_reason = 'card expired' WHERE order_id = $1`, [
    id,
  ]);
  const event = await rowOf<{ id: string }>(
    graph,
    'orders',
    `UPDATE order_events SET reason = 'as asked', actor_id = $2
     WHERE id = (SELECT id FROM order_events WHERE order_id = $1 AND from_status IS NOT NULL LIMIT 1) RETURNING id`,
    [id, OWNER],
  );
  const line = await rowOf<{ id: string }>(
    graph,
    'orders',
    `UPDATE order_lines SET variant_id = $2
     WHERE id = (SELECT id FROM order_lines WHERE order_id = $1 LIMIT 1) RETURNING id`,
    [id, uuidOf(variant)],
  );
  return {
    id: toGlobalId('Order', id),
    number,
    line: toGlobalId('OrderLine', line.id),
    event: toGlobalId('OrderEvent', event.id),
  };
}

/** Puts the variant into the owner's cart. */
async function cartOf(graph: Graph, variant: string) {
  const { id } = await rowOf<{ id: string }>(graph, 'orders', 'SELECT id FROM carts WHERE user_id = $1', [
    OWNER,
  ]);
  return { id: toGlobalId('Cart', id), line: await addCartLine(graph, id, variant) };
}

/** Puts a line into a cart. @param cart - uuid @param variant - global id @returns the line's global id */
export async function addCartLine(graph: Graph, cart: string, variant: string): Promise<string> {
  const line = await rowOf<{ id: string }>(
    graph,
    'orders',
    `INSERT INTO cart_lines (id, cart_id, variant_id, quantity) VALUES (gen_random_uuid(), $1, $2, 1) RETURNING id`,
    [cart, uuidOf(variant)],
  );
  return toGlobalId('CartLine', line.id);
}

/** Fills a cart without signing in. */
export async function fillTokenCart(graph: Graph, variantId: string): Promise<Shop['tokenCart']> {
  const { cartLineAdd } = await mustAsk<{
    cartLineAdd: { cart: { id: string; lines: { id: string }[] }; cartToken: string };
  }>(
    graph,
    'mutation ($input: CartLineAddInput!) { cartLineAdd(input: $input) { cart { id lines { id } } cartToken } }',
    { input: { variantId } },
    'anonymous',
  );
  const { cart, cartToken } = cartLineAdd;
  return { id: cart.id, line: cart.lines[0]?.id ?? '', token: cartToken };
}

async function fillCatalogue(graph: Graph) {
  const root = await createCategory(graph, null);
  const category = await createCategory(graph, root);
  await createCategory(graph, category);
  return {
    category,
    product: await createProduct(graph, 'ACTIVE', category),
    draft: await createProduct(graph, 'DRAFT', category),
  };
}

/** @returns the global id of a new category */
export async function createCategory(graph: Graph, parentId: string | null): Promise<string> {
  const { categoryCreate } = await mustAsk<{ categoryCreate: { category: { id: string } } }>(
    graph,
    'mutation ($input: CategoryCreateInput!) { categoryCreate(input: $input) { category { id } } }',
    { input: { slug: `c-${randomUUID()}`, name: 'Things', parentId } },
  );
  return categoryCreate.category.id;
}

/** Makes a product of one variant, 100 of it in stock. */
export async function createProduct(
  graph: Graph,
  status: 'ACTIVE' | 'DRAFT',
  categoryId: string,
): Promise<Shop['product']> {
  const slug = `p-${randomUUID()}`;
  const { productCreate } = await mustAsk<{
    productCreate: { product: { id: string; variants: { edges: { node: { id: string } }[] } } };
  }>(
    graph,
    `mutation ($input: ProductCreateInput!) {
      productCreate(input: $input) { product { id variants { edges { node { id } } } } }
    }`,
    {
      input: { slug, title: 'Thing', description: 'A thing.', categoryId, status, variants: [newVariant()] },
    },
  );
  const { id, variants } = productCreate.product;
  return { id, slug, variant: variants.edges[0]?.node.id ?? '' };
}

/** A variant to be made, as mutations take it. */
export const newVariant = () => ({
  sku: `SKU-${randomUUID()}`.slice(0, 40),
  title: 'Blue',
  price: PRICE,
  onHand: 100,
});

/** What each variant costs. */
export const PRICE = { minorUnits: 1_250, currency: 'USD' };

async function runImport(graph: Graph): Promise<string> {
  const { productsImport } = await mustAsk<{ productsImport: { importRun: { id: string } } }>(
    graph,
    'mutation ($input: ProductsImportInput!) { productsImport(input: $input) { importRun { id } } }',
    { input: { format: 'NDJSON', content: '{"nothing":"to import"}\n', idempotencyKey: randomUUID() } },
  );
  const { id } = productsImport.importRun;
  const finished = 'SELECT id FROM import_runs WHERE id = $1 AND finished_at IS NOT NULL';
  await until(async () => (await rowsOf(graph, 'products', finished, [uuidOf(id)])).length > 0);
  await rowsOf(graph, 'products', `UPDATE import_runs SET failure = 'the file ended' WHERE id = $1`, [
    uuidOf(id),
  ]);
  return id;
}

/** The uuid in a global id. */
export const uuidOf = (globalId: string): string =>
  Buffer.from(globalId, 'base64url').toString().replace(/^.*:/, '');
