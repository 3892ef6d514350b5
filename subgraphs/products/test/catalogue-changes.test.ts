import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toGlobalId } from '@tributary/subgraph-kit';
import { addCategory, addProduct } from './support/rows.ts';
import { type RunningProducts, runProducts } from './support/running-products.ts';

let products: RunningProducts;
beforeAll(async () => {
  products = await runProducts();
});
afterAll(() => products.close());

const ERRORS = 'userErrors { __typename ... on UserError { code field } }';
const STALE =
  'userErrors { __typename ... on UserError { code field } ... on StaleVersionError { current { title updatedAt } } }';
const PRODUCT =
  'id slug title description status category { name } priceRange { min { amount } max { amount } } updatedAt';
const OPERATIONS = {
  productCreate: `mutation ($input: ProductCreateInput!) { done: productCreate(input: $input) { product { ${PRODUCT} variants { edges { node { sku title price { amount currency } inventory { onHand } } } } } ${ERRORS} } }`,
  productUpdate: `mutation ($input: ProductUpdateInput!) { done: productUpdate(input: $input) { product { ${PRODUCT} } ${STALE} } }`,
  productArchive: `mutation ($input: ProductArchiveInput!) { done: productArchive(input: $input) { product { ${PRODUCT} } ${ERRORS} } }`,
  productVariantCreate: `mutation ($input: ProductVariantCreateInput!) { done: productVariantCreate(input: $input) { variant { id sku product { ${PRODUCT} } } ${ERRORS} } }`,
  productVariantUpdate: `mutation ($input: ProductVariantUpdateInput!) { done: productVariantUpdate(input: $input) { variant { sku title price { amount } product { ${PRODUCT} } } ${ERRORS} } }`,
  categoryCreate: `mutation ($input: CategoryCreateInput!) { done: categoryCreate(input: $input) { category { id slug name parent { id } } ${ERRORS} } }`,
  categoryUpdate: `mutation ($input: CategoryUpdateInput!) { done: categoryUpdate(input: $input) { category { id slug name parent { id } } ${ERRORS} } }`,
  categoryDelete: `mutation ($input: CategoryDeleteInput!) { done: categoryDelete(input: $input) { deletedId ${ERRORS} } }`,
};

interface Done {
  product?: { id: string; title: string; updatedAt: string } | null;
  variant?: { id: string } | null;
  category?: { id: string } | null;
  deletedId?: string | null;
  userErrors: { __typename: string; code: string; field: string[] | null }[];
}

async function change(operation: keyof typeof OPERATIONS, input: object): Promise<Done> {
  return (await products.data<{ done: Done }>(OPERATIONS[operation], { input }, 'STAFF')).done;
}
const refused = (code: string, ...field: string[]) => [expect.objectContaining({ code, field })];
const usd = (minorUnits: number) => ({ minorUnits, currency: 'USD' });

let made = 0;
const newProduct = (more: object = {}) => {
  made += 1;
  return {
    slug: `made-${made}`,
    title: `Made ${made}`,
    variants: [{ sku: `MADE-${made}`, title: 'Standard', price: usd(1_000) }],
    ...more,
  };
};

describe('a product', () => {
  it('is made with its variants, their stock and prices, as a draft, and written into the audit log', async () => {
    const category = await addCategory(products.prisma, 'Tents');
    const { product, userErrors } = await change('productCreate', {
      slug: 'storm-tent',
      title: '  Storm Tent ',
      description: 'Stands.',
      categoryId: category.id,
      variants: [
        { sku: 'TENT-2', title: 'Two', price: usd(20_050), onHand: 5 },
        { sku: 'TENT-1', title: 'One', price: usd(10_099) },
      ],
    });
    expect(userErrors).toEqual([]);
    expect(product).toMatchObject({
      slug: 'storm-tent',
      title: 'Storm Tent',
      status: 'DRAFT',
      category: { name: 'Tents' },
      priceRange: { min: { amount: '100.99' }, max: { amount: '200.50' } },
      variants: {
        edges: [
          { node: { sku: 'TENT-2', price: { amount: '200.50' }, inventory: { onHand: 5 } } },
          { node: { sku: 'TENT-1', price: { amount: '100.99' }, inventory: { onHand: 0 } } },
        ],
      },
    });
    const entries = await products.prisma.auditEntry.findMany({ where: { action: 'product.create' } });
    expect(entries.map(({ subjectId }) => toGlobalId('Product', subjectId))).toContain(product?.id);
    expect(entries[0]).toMatchObject({ actorRole: 'STAFF', actorId: expect.any(String) });
  });

  it.each<[string, object, unknown[]]>([
    ['a slug that is none', { slug: 'No Slug' }, refused('VALIDATION', 'slug')],
    ['no title', { title: ' ' }, refused('VALIDATION', 'title')],
    ['a long title', { title: 'x'.repeat(201) }, refused('VALIDATION', 'title')],
    ['no variants', { variants: [] }, refused('VALIDATION', 'variants')],
    ['no such category', { categoryId: 'nonsense' }, refused('NOT_FOUND', 'categoryId')],
    [
      'a negative price',
      { variants: [{ sku: 'A', title: 'a', price: usd(-1) }] },
      refused('VALIDATION', 'variants', '0', 'price', 'minorUnits'),
    ],
    [
      'a price beyond all bounds',
      { variants: [{ sku: 'A', title: 'a', price: usd(10_000_000_001) }] },
      refused('VALIDATION', 'variants', '0', 'price', 'minorUnits'),
    ],
    [
      'two currencies',
      {
        variants: [
          { sku: 'A', title: 'a', price: usd(1) },
          { sku: 'B', title: 'b', price: { minorUnits: 1, currency: 'EUR' } },
        ],
      },
      refused('VALIDATION', 'variants', '1', 'price', 'currency'),
    ],
    [
      'one sku twice',
      {
        variants: [
          { sku: 'TWICE', title: 'a', price: usd(1) },
          { sku: 'TWICE', title: 'b', price: usd(2) },
        ],
      },
      refused('SKU_TAKEN', 'variants', '1', 'sku'),
    ],
  ])('is not made with %s, nor is any part of it', async (_case, wrong, userErrors) => {
    const input = newProduct(wrong);
    const before = await counts();
    expect(await change('productCreate', input)).toEqual({ product: null, userErrors });
    expect(await counts()).toEqual(before);
  });

  it('of several made at once with one slug or one sku is made once', async () => {
    const bySlug = await Promise.all(
      Array.from({ length: 10 }, () => change('productCreate', newProduct({ slug: 'wanted-by-all' }))),
    );
    expect(bySlug.filter(({ product }) => product)).toHaveLength(1);
    expect(bySlug.flatMap(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual(
      Array(9).fill('SLUG_TAKEN'),
    );
    const variants = [{ sku: 'WANTED', title: 'Standard', price: usd(1) }];
    const bySku = await Promise.all(
      Array.from({ length: 10 }, () => change('productCreate', newProduct({ variants }))),
    );
    expect(bySku.filter(({ product }) => product)).toHaveLength(1);
    expect(bySku.flatMap(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual(
      Array(9).fill('SKU_TAKEN'),
    );
  });

  it('is changed where the input says so, and stays elsewhere', async () => {
    const category = await addCategory(products.prisma, 'Lamps');
    const { product } = await change(
      'productCreate',
      newProduct({ description: 'Shines.', categoryId: category.id }),
    );
    const id = product?.id;
    expect(
      (await change('productUpdate', { id, title: 'Bright Lamp', status: 'ACTIVE' })).product,
    ).toMatchObject({
      title: 'Bright Lamp',
      status: 'ACTIVE',
      description: 'Shines.',
      category: { name: 'Lamps' },
    });
    expect(
      (await change('productUpdate', { id, description: null, categoryId: null })).product,
    ).toMatchObject({ title: 'Bright Lamp', description: null, category: null });
  });

  it('is not changed by somebody who read an older version; the error has the newer one', async () => {
    const { product } = await change('productCreate', newProduct());
    const version = { id: product?.id, expectedUpdatedAt: product?.updatedAt };
    const edits = await Promise.all(
      Array.from({ length: 10 }, (_, n) => change('productUpdate', { ...version, title: `Edit ${n}` })),
    );
    const winner = edits.find((edit) => edit.product)?.product;
    const losers = edits.filter((edit) => !edit.product);
    expect(losers).toHaveLength(9);
    for (const { userErrors } of losers) {
      expect(userErrors).toEqual([
        {
          __typename: 'StaleVersionError',
          code: 'STALE_VERSION',
          field: ['expectedUpdatedAt'],
          current: { title: winner?.title, updatedAt: winner?.updatedAt },
        },
      ]);
    }
  });

  it('does not take the slug of another, and is not there to be changed when it is not there', async () => {
    const [one, other] = [newProduct(), newProduct()];
    const { product } = await change('productCreate', one);
    await change('productCreate', other);
    expect((await change('productUpdate', { id: product?.id, slug: other.slug })).userErrors).toEqual(
      refused('SLUG_TAKEN', 'slug'),
    );
    for (const id of ['nonsense', toGlobalId('Category', '01990000-0000-7000-8000-000000000000')]) {
      expect((await change('productUpdate', { id, title: 'x' })).userErrors).toEqual(
        refused('NOT_FOUND', 'id'),
      );
      expect((await change('productArchive', { id })).userErrors).toEqual(refused('NOT_FOUND', 'id'));
    }
  });

  it('is archived once, however often that is asked for', async () => {
    const { id } = await addProduct(products.prisma, { title: 'Old' });
    const [first, again] = [await change('productArchive', { id }), await change('productArchive', { id })];
    expect(first.product).toMatchObject({ status: 'ARCHIVED' });
    expect(again).toEqual(first);
  });
});

describe('a variant', () => {
  it('is added last, and moves the range of prices with it', async () => {
    const { id } = await addProduct(products.prisma, { title: 'Mug', variants: [{ price: 500 }] });
    const variant = { sku: 'MUG-XL', title: 'Large', price: usd(900) };
    const { variant: added } = await change('productVariantCreate', { productId: id, variant });
    expect(added).toMatchObject({
      product: { priceRange: { min: { amount: '5.00' }, max: { amount: '9.00' } } },
    });
    const { variant: cheaper } = await change('productVariantUpdate', { id: added?.id, price: usd(100) });
    expect(cheaper).toMatchObject({
      sku: 'MUG-XL',
      title: 'Large',
      price: { amount: '1.00' },
      product: { priceRange: { min: { amount: '1.00' }, max: { amount: '5.00' } } },
    });
  });

  it('keeps the range right when all variants change at once', async () => {
    const prices = [100, 200, 300, 400, 500];
    const { uuid, variantIds } = await addProduct(products.prisma, {
      title: 'Shelf',
      variants: prices.map((price) => ({ price })),
    });
    await Promise.all(
      variantIds.map((id, n) => change('productVariantUpdate', { id, price: usd(1_000 + n) })),
    );
    expect(await products.prisma.product.findUnique({ where: { id: uuid } })).toMatchObject({
      minPriceMinor: 1_000n,
      maxPriceMinor: 1_004n,
    });
  });

  it('is refused a sku that is taken, another currency, and a product that is not there', async () => {
    const { id, variantIds } = await addProduct(products.prisma, {
      title: 'Cup',
      variants: [{ price: 1 }, { price: 2 }],
    });
    const variant = { sku: 'CUP', title: 'Cup', price: usd(1) };
    await change('productVariantCreate', { productId: id, variant });
    expect((await change('productVariantCreate', { productId: id, variant })).userErrors).toEqual(
      refused('SKU_TAKEN', 'variant', 'sku'),
    );
    expect((await change('productVariantUpdate', { id: variantIds[0], sku: 'CUP' })).userErrors).toEqual(
      refused('SKU_TAKEN', 'sku'),
    );
    const euros = { minorUnits: 1, currency: 'EUR' };
    expect((await change('productVariantUpdate', { id: variantIds[0], price: euros })).userErrors).toEqual(
      refused('VALIDATION', 'price', 'currency'),
    );
    expect((await change('productVariantUpdate', { id, title: 'x' })).userErrors).toEqual(
      refused('NOT_FOUND', 'id'),
    );
    expect((await change('productVariantCreate', { productId: 'x', variant })).userErrors).toEqual(
      refused('NOT_FOUND', 'productId'),
    );
  });
});

describe('a category', () => {
  const category = async (slug: string, parentId?: string) =>
    (await change('categoryCreate', { slug, name: slug, ...(parentId && { parentId }) })).category?.id ?? '';

  it('is made, moved, renamed and removed', async () => {
    const [top, other] = [await category('garden'), await category('balcony')];
    const child = await category('pots', top);
    expect((await change('categoryUpdate', { id: child, parentId: other, name: 'Pots' })).category).toEqual({
      id: child,
      slug: 'pots',
      name: 'Pots',
      parent: { id: other },
    });
    expect((await change('categoryUpdate', { id: child, parentId: null })).category).toMatchObject({
      parent: null,
    });
    expect(await change('categoryDelete', { id: child })).toEqual({ deletedId: child, userErrors: [] });
    expect((await change('categoryDelete', { id: child })).userErrors).toEqual(refused('NOT_FOUND', 'id'));
  });

  it('does not stand below itself, though two moves at once would close the circle', async () => {
    const [a, b] = [await category('circle-a'), await category('circle-b')];
    expect((await change('categoryUpdate', { id: a, parentId: a })).userErrors).toEqual(
      refused('VALIDATION', 'parentId'),
    );
    const moves = await Promise.all([
      change('categoryUpdate', { id: a, parentId: b }),
      change('categoryUpdate', { id: b, parentId: a }),
    ]);
    expect(moves.filter(({ category }) => category)).toHaveLength(1);
  });

  it('is not removed under others, nor made with a slug that is taken', async () => {
    const top = await category('tools');
    await category('hammers', top);
    expect((await change('categoryDelete', { id: top })).userErrors).toEqual(refused('VALIDATION', 'id'));
    expect((await change('categoryCreate', { slug: 'tools', name: 'x' })).userErrors).toEqual(
      refused('SLUG_TAKEN', 'slug'),
    );
    expect((await change('categoryUpdate', { id: top, slug: 'hammers' })).userErrors).toEqual(
      refused('SLUG_TAKEN', 'slug'),
    );
  });
});

it.each(Object.keys(OPERATIONS) as (keyof typeof OPERATIONS)[])('%s is for staff', async (operation) => {
  const inputs: Partial<Record<keyof typeof OPERATIONS, object>> = {
    productCreate: newProduct(),
    productVariantCreate: { productId: 'x', variant: { sku: 'x', title: 'x', price: usd(1) } },
    categoryCreate: { slug: 'x', name: 'x' },
  };
  const input = inputs[operation] ?? { id: 'x' };
  for (const [asker, code] of [
    ['NOBODY', 'UNAUTHENTICATED'],
    ['CUSTOMER', 'FORBIDDEN'],
  ] as const) {
    const { data, errors } = await products.ask(OPERATIONS[operation], { input }, asker);
    expect(data).toEqual({ done: null });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual([code]);
  }
});

const counts = async () => ({
  products: await products.prisma.product.count(),
  variants: await products.prisma.productVariant.count(),
  stock: await products.prisma.inventory.count(),
  audit: await products.prisma.auditEntry.count(),
});
