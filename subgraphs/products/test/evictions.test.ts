import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runJobsOnce } from '@tributary/jobs';
import { fromGlobalId } from '@tributary/subgraph-kit';
import { type RecordedInvalidations, recordInvalidations } from '@tributary/testing';
import { csvFile } from './support/catalogue-file.ts';
import { ownJobs } from './support/own-jobs.ts';
import { addCategory, addProduct, type MadeProduct } from './support/rows.ts';
import { type RunningProducts, runProducts } from './support/running-products.ts';
import { newOrder, openWarehouse, type Warehouse } from './support/warehouse.ts';

let running: RunningProducts;
let warehouse: Warehouse;
let told: RecordedInvalidations;
let category: { uuid: string; id: string };
let product: MadeProduct;
beforeAll(async () => {
  told = recordInvalidations();
  running = await runProducts({}, { CACHE_INVALIDATION_URL: 'http://127.0.0.1:1/invalidate' });
  warehouse = openWarehouse(running);
});
afterAll(() => running?.close());
beforeEach(async () => {
  category = await addCategory(running.prisma, 'Lamps');
  product = await addProduct(running.prisma, { title: 'Lamp', categoryId: category.uuid });
  await evictedBy(async () => undefined);
});

/** What is evicted by a change, after its jobs were done. */
async function evictedBy(change: () => Promise<unknown>): Promise<string[]> {
  await change();
  await runJobsOnce(running.databaseUrl, ownJobs(running.prisma, undefined, told.invalidator).tasks);
  return told.taken();
}

/** Has staff change something, which must succeed. @returns its payload */
async function change(mutation: string, input: object, fields = ''): Promise<Record<string, unknown>> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const { done } = await running.data<{ done: Record<string, unknown> }>(
    `mutation ($input: ${type}!) { done: ${mutation}(input: $input) { ${fields} userErrors { __typename } } }`,
    { input },
    'STAFF',
  );
  expect(done.userErrors).toEqual([]);
  return done;
}

const uuidOf = (type: string, id: unknown) => fromGlobalId(type, id, 'id');
const labelOf = (type: string, id: unknown) => `${type}:${uuidOf(type, id)}`;
const variantLabel = () => labelOf('ProductVariant', product.variantIds[0]);
const categoryLabel = () => `Category:${category.uuid}`;
const productLabel = () => `Product:${product.uuid}`;
/** Of looking a product up; slugs of these tests are uuids. */
const lookUps = ({ id, uuid }: MadeProduct, slug = uuid) => [`#product-${id}`, `#product-slug-${slug}`];
const price = { minorUnits: 500, currency: 'USD' };

describe('a product', () => {
  it('that is new', async () => {
    const slug = randomUUID();
    const input = {
      slug,
      title: 'New',
      categoryId: category.id,
      variants: [{ sku: slug, title: 'One', price }],
    };
    let made: Record<string, unknown> = {};
    const labels = await evictedBy(async () => {
      made = await change('productCreate', input, 'product { id }');
    });
    const { id } = made.product as { id: string };
    expect(labels).toEqual(['#products', `#product-${id}`, `#product-slug-${slug}`, categoryLabel()].sort());
  });

  it('that is changed', async () => {
    const labels = await evictedBy(() => change('productUpdate', { id: product.id, title: 'Torch' }));
    expect(labels).toEqual(['#products', categoryLabel(), productLabel()].sort());
  });

  it('that has another slug, and is elsewhere', async () => {
    const { uuid, id: categoryId } = await addCategory(running.prisma, 'Torches');
    const slug = randomUUID();
    const labels = await evictedBy(() => change('productUpdate', { id: product.id, slug, categoryId }));
    expect(labels).toEqual(
      [
        '#products',
        ...lookUps(product),
        `#product-slug-${slug}`,
        categoryLabel(),
        `Category:${uuid}`,
        productLabel(),
      ].sort(),
    );
  });

  it('that is put on sale, or taken off it: its variants are seen by others', async () => {
    const all = ['#products', ...lookUps(product), categoryLabel(), productLabel(), variantLabel()].sort();
    expect(await evictedBy(() => change('productArchive', { id: product.id }))).toEqual(all);
    expect(await evictedBy(() => change('productArchive', { id: product.id }))).toEqual([]);
    expect(await evictedBy(() => change('productUpdate', { id: product.id, status: 'ACTIVE' }))).toEqual(all);
  });

  it('whose change was refused', async () => {
    const other = await addProduct(running.prisma, { title: 'Other' });
    await evictedBy(async () => undefined);
    const refused = await evictedBy(() =>
      running.data(
        'mutation ($input: ProductUpdateInput!) { productUpdate(input: $input) { userErrors { __typename } } }',
        { input: { id: product.id, slug: other.uuid } },
        'STAFF',
      ),
    );
    expect(refused).toEqual([]);
  });
});

describe('a variant', () => {
  it('that is new', async () => {
    const variant = { sku: randomUUID(), title: 'Two', price };
    const labels = await evictedBy(() => change('productVariantCreate', { productId: product.id, variant }));
    expect(labels).toEqual(['#products', categoryLabel(), productLabel()].sort());
  });

  it('that is changed', async () => {
    const labels = await evictedBy(() =>
      change('productVariantUpdate', { id: product.variantIds[0], price }),
    );
    expect(labels).toEqual(['#products', categoryLabel(), productLabel(), variantLabel()].sort());
  });
});

describe('a category', () => {
  it('that is new', async () => {
    const input = { slug: randomUUID(), name: 'Desk lamps', parentId: category.id };
    expect(await evictedBy(() => change('categoryCreate', input))).toEqual(['#categories', categoryLabel()]);
  });

  it('that is moved, and then removed', async () => {
    const [from, to] = [await addCategory(running.prisma, 'From'), await addCategory(running.prisma, 'To')];
    const child = await addCategory(running.prisma, 'Child', from.uuid);
    const tags = ['#categories', '#products'];
    const labelsOf = (...moved: { uuid: string }[]) =>
      [...tags, ...moved.map(({ uuid }) => `Category:${uuid}`)].sort();
    expect(await evictedBy(() => change('categoryUpdate', { id: child.id, parentId: to.id }))).toEqual(
      labelsOf(child, from, to),
    );
    expect(await evictedBy(() => change('categoryDelete', { id: child.id }))).toEqual(labelsOf(child, to));
  });
});

describe('stock', () => {
  const stock = () => ['#stock', variantLabel()];

  it('that is counted', async () => {
    const input = {
      variantId: product.variantIds[0],
      delta: 3,
      reason: 'Delivery',
      idempotencyKey: randomUUID(),
    };
    expect(await evictedBy(() => change('inventoryAdjust', input))).toEqual(stock());
  });

  it('that is reserved, and given back', async () => {
    const order = newOrder();
    const lines = [{ variantId: product.variantIds[0] ?? '', quantity: 2 }];
    expect(await evictedBy(() => warehouse.reserve(order, lines))).toEqual(stock());
    // What can be sold stays the same; the pieces that staff see are never kept.
    expect(await evictedBy(() => warehouse.confirm(order))).toEqual([]);
    expect(await evictedBy(() => warehouse.release(order))).toEqual(stock());
  });

  it('whose reservation expired', async () => {
    const order = newOrder();
    await evictedBy(() =>
      warehouse.reserve(order, [{ variantId: product.variantIds[0] ?? '', quantity: 2 }]),
    );
    await warehouse.makeDue(order);
    expect(await evictedBy(() => warehouse.expire())).toEqual(stock());
  });
});

it('a batch of an import', async () => {
  const [slug, sku] = [randomUUID(), randomUUID()];
  const row = { product_slug: slug, sku, status: 'ACTIVE', on_hand: '4' };
  const content = csvFile([row]);
  const request = (file: string) =>
    evictedBy(() => change('productsImport', { format: 'CSV', content: file, idempotencyKey: randomUUID() }));
  const first = await request(content);
  const made = await running.prisma.product.findUniqueOrThrow({
    where: { slug },
    include: { variants: true },
  });
  const variant = `ProductVariant:${made.variants[0]?.id}`;
  const [lookUp] = lookUps({ ...product, id: Buffer.from(`Product:${made.id}`).toString('base64url') });
  expect(first).toEqual(['#products', '#stock', lookUp, `#product-slug-${slug}`, variant].sort());
  expect(await request(content)).toEqual([]);
  expect(await request(csvFile([{ ...row, price: '12.00' }]))).toEqual(
    ['#products', `Product:${made.id}`, variant].sort(),
  );
  expect(await request(csvFile([{ ...row, price: '12.00', status: 'ARCHIVED' }]))).toEqual(
    ['#products', lookUp, `#product-slug-${slug}`, `Product:${made.id}`, variant].sort(),
  );
});

it('a job to evict comes before all others, and there is one in a transaction', async () => {
  await change('productUpdate', { id: product.id, title: 'Torch' });
  await change('productArchive', { id: product.id });
  const jobs = await running.prisma.$queryRaw`
    SELECT task_identifier AS task, priority FROM graphile_worker.jobs ORDER BY id`;
  expect(jobs).toEqual([
    { task: 'cache.evict', priority: -10 },
    { task: 'cache.evict', priority: -10 },
  ]);
});
