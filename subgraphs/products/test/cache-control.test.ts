import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toGlobalId } from '@tributary/subgraph-kit';
import { addCategory, addProduct, type MadeProduct } from './support/rows.ts';
import { type Asker, type RunningProducts, runProducts } from './support/running-products.ts';

let running: RunningProducts;
let product: MadeProduct;
let category: { uuid: string; id: string };
beforeAll(async () => {
  running = await runProducts();
  category = await addCategory(running.prisma, 'Lamps');
  product = await addProduct(running.prisma, { title: 'Lamp', categoryId: category.uuid });
});
afterAll(() => running?.close());

const MINUTE = 'max-age=60, public';
const FIVE_MINUTES = 'max-age=300, public';
const VARIANTS = 'variants { edges { node { id price { amount } } } pageInfo { hasNextPage } }';

/** Asks for something of the product or the category, which stand for `$product`, `$slug` and `$category`. */
const ask = (selection: string, asker?: Asker) =>
  running.ask(
    `{ ${selection
      .replace('$product', `"${product.id}"`)
      .replace('$slug', `"${product.uuid}"`)
      .replace('$category', `"${category.id}"`)} }`,
    {},
    asker,
  );
const headerOf = ({ headers }: { headers: Headers }) => headers.get('cache-control');
const NOWHERE = toGlobalId('Product', randomUUID());

describe('for everybody of the same rights', () => {
  it.each([
    ['a product', `product(id: $product) { title priceRange { min { amount } } ${VARIANTS} }`, FIVE_MINUTES],
    ['a product by its slug', 'productBySlug(slug: $slug) { title category { name } }', FIVE_MINUTES],
    ['a category', 'category(id: $category) { name parent { name } children { name } }', FIVE_MINUTES],
    [
      'what is in one',
      `category(id: $category) { products { edges { node { ${VARIANTS} } } } }`,
      FIVE_MINUTES,
    ],
    ['all categories', 'categories { edges { cursor node { name } } }', FIVE_MINUTES],
    ['products', 'products { totalCount edges { node { title } } }', MINUTE],
    ['stock', 'product(id: $product) { variants { edges { node { stockStatus } } } }', MINUTE],
    ['that a product is not there', `product(id: "${NOWHERE}") { title }`, FIVE_MINUTES],
  ])('%s may be kept', async (_what, selection, header) => {
    for (const asker of ['NOBODY', 'CUSTOMER', 'STAFF'] as const) {
      const answer = await ask(selection, asker);
      expect(answer.errors).toBeUndefined();
      expect(headerOf(answer)).toBe(header);
    }
  });

  it.each([
    ['Product', () => product.id, 'title', FIVE_MINUTES],
    ['ProductVariant', () => product.variantIds[0], 'sku price { amount }', FIVE_MINUTES],
    ['ProductVariant', () => product.variantIds[0], 'stockStatus', MINUTE],
    ['Category', () => category.id, 'name', FIVE_MINUTES],
  ])('an entity %s may be kept', async (type, idOf, fields, header) => {
    const reference = `{ __typename: "${type}", id: "${idOf()}" }`;
    const answer = await ask(`_entities(representations: [${reference}]) { ... on ${type} { ${fields} } }`);
    expect(headerOf(answer)).toBe(header);
  });
});

describe('for nobody', () => {
  it.each([
    ['exact stock', 'product(id: $product) { variants { edges { node { inventory { onHand } } } } }'],
    ['imports', `importRun(id: "${toGlobalId('ImportRun', randomUUID())}") { status }`],
  ])('%s', async (_what, selection) => {
    expect(headerOf(await ask(selection, 'STAFF'))).toBe('no-store');
  });

  it('prices of a cart: they change with variants that the answer does not have', async () => {
    const reference = `{ __typename: "Cart", id: "1", lines: [{ quantity: 1, variant: { id: "${product.variantIds[0]}" } }] }`;
    const answer = await ask(
      `_entities(representations: [${reference}]) { ... on Cart { subtotal { amount } } }`,
    );
    expect(answer.data).toEqual({ _entities: [{ subtotal: { amount: '10.00' } }] });
    expect(headerOf(answer)).toBe('no-store');
  });
});

describe('stock decides on more than its variant', () => {
  const tagsOf = async (selection: string) => (await ask(selection)).extensions;

  it('in lists that are filtered by it, and in facets', async () => {
    const stock = { apolloCacheTags: ['stock'] };
    expect(await tagsOf('products(filter: { inStock: true }) { edges { cursor } }')).toEqual(stock);
    expect(await tagsOf('products { facets { field values { count } } }')).toEqual(stock);
    expect(await tagsOf('products { edges { cursor } }')).toBeUndefined();
    const reference = `{ __typename: "Category", id: "${category.id}" }`;
    expect(
      await tagsOf(
        `_entities(representations: [${reference}]) { ... on Category { products { facets { field } } } }`,
      ),
    ).toEqual({ apolloEntityCacheTags: [['stock']] });
  });
});
