import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { PrismaClient } from '@tributary/prisma/products/client';
import { toGlobalId } from '@tributary/subgraph-kit';
import { type Cells, catalogueHash, csvFile, importCsv, manyRows } from './support/catalogue-file.ts';
import { type RunningProducts, runProducts } from './support/running-products.ts';
import { newOrder, openWarehouse } from './support/warehouse.ts';

let running: RunningProducts;
let prisma: PrismaClient;
beforeAll(async () => {
  running = await runProducts();
  prisma = running.prisma;
});
afterAll(() => running?.close());

let slug: string;
let other: string;
beforeEach(() => {
  [slug, other] = [`p-${randomUUID()}`, `q-${randomUUID()}`];
});

const run = (...rows: Cells[]) => importCsv(prisma, csvFile(rows));
const lamp = (sku: string, more: Cells = {}): Cells => ({
  product_slug: slug,
  sku: `${slug}-${sku}`,
  ...more,
});
const products = (...slugs: string[]) =>
  prisma.product.findMany({
    where: { slug: { in: slugs } },
    include: { variants: { include: { inventory: true }, orderBy: { position: 'asc' } }, category: true },
    orderBy: { slug: 'asc' },
  });
const counts = (created: number, updated: number, unchanged: number, bad: number) => ({
  rows: created + updated + unchanged + bad,
  created,
  updated,
  unchanged,
  bad,
});

describe('a file', () => {
  it('makes products with variants in its order, prices and stock, and writes it down', async () => {
    const category = `c-${randomUUID()}`;
    await prisma.category.create({ data: { slug: category, name: 'Lamps' } });
    const about = { category_slug: category, description: 'Shines,\n"warmly".', status: 'ACTIVE' };
    const result = await run(
      lamp('b', { variant_title: 'Large', price: '19.99', on_hand: '7', ...about }),
      lamp('a', { variant_title: 'Small', price: '0.29', ...about }),
      { product_slug: other, sku: other, price: '980', currency: 'JPY' },
    );
    expect(result).toMatchObject(counts(3, 0, 0, 0));
    expect(await products(slug, other)).toMatchObject([
      {
        title: 'Lamp',
        description: 'Shines,\n"warmly".',
        status: 'ACTIVE',
        currency: 'USD',
        category: { name: 'Lamps' },
        minPriceMinor: 29n,
        maxPriceMinor: 1_999n,
        variants: [
          { title: 'Large', priceMinor: 1_999n, position: 0, inventory: { onHand: 7, reserved: 0 } },
          { title: 'Small', priceMinor: 29n, position: 1, inventory: { onHand: 0, reserved: 0 } },
        ],
      },
      { status: 'DRAFT', currency: 'JPY', minPriceMinor: 980n, variants: [{ priceMinor: 980n }] },
    ]);
    const entries = await prisma.auditEntry.findMany({ where: { subjectId: result.runId } });
    expect(entries).toMatchObject([
      { action: 'catalogue.import', service: 'import', details: { created: 3, updated: 0 } },
    ]);
  });

  it('takes the good rows of a product, whatever a bad one before them says', async () => {
    await run(lamp('a', { currency: 'EUR' }));
    const about = { currency: 'EUR', description: 'Shines.' };
    const result = await run(
      lamp('b', { currency: 'USD' }),
      lamp('c', { currency: 'EUR' }),
      lamp('d', { currency: 'EUR', product_title: 'Torch', description: 'Burns.' }),
      lamp('e', about),
    );
    expect(result.badRows).toEqual([
      { line: 2, reason: 'currency: The product is priced in EUR.' },
      { line: 4, reason: 'product_title: Line 3 says otherwise of this product.' },
    ]);
    expect(result).toMatchObject(counts(2, 0, 0, 2));
  });

  it('changes nothing the second time, not even a time', async () => {
    const file = csvFile(manyRows(1_700));
    expect(await importCsv(prisma, file)).toMatchObject(counts(1_700, 0, 0, 0));
    const before = await catalogueHash(prisma);
    expect(await importCsv(prisma, file)).toMatchObject(counts(0, 0, 1_700, 0));
    expect(await catalogueHash(prisma)).toBe(before);
  });

  it('changes what it says otherwise, and the versions of that only', async () => {
    await run(lamp('a', { on_hand: '5' }), lamp('b'), { product_slug: other, sku: other });
    const [before, otherBefore] = await products(slug, other);
    const result = await run(
      lamp('a', { product_title: 'Lantern', description: 'New.' }),
      lamp('b', { product_title: 'Lantern', price: '25.00' }),
      lamp('c', { product_title: 'Lantern', price: '3.00' }),
      { product_slug: other, sku: other, on_hand: '4' },
    );
    expect(result).toMatchObject(counts(1, 3, 0, 0));
    const [after, otherAfter] = await products(slug, other);
    expect(after).toMatchObject({
      title: 'Lantern',
      description: 'New.',
      minPriceMinor: 300n,
      maxPriceMinor: 2_500n,
      variants: [{ inventory: { onHand: 5 } }, { priceMinor: 2_500n }, { priceMinor: 300n, position: 2 }],
    });
    expect(after?.updatedAt).not.toEqual(before?.updatedAt);
    expect(after?.variants[0]?.updatedAt).toEqual(before?.variants[0]?.updatedAt);
    expect(after?.variants[1]?.updatedAt).not.toEqual(before?.variants[1]?.updatedAt);
    expect(otherAfter?.updatedAt).toEqual(otherBefore?.updatedAt);
    expect(otherAfter?.variants[0]?.inventory?.onHand).toBe(4);
    const accounts = await prisma.inventoryAdjustment.findMany({ where: { importRunId: result.runId } });
    expect(accounts).toMatchObject([{ delta: 4, reason: 'Import', onHandAfter: 4, actorId: null }]);
  });

  it('takes the good rows, and tells of each bad one', async () => {
    await run({ product_slug: other, sku: other });
    const { badRows, ...result } = await run(
      lamp('a'),
      lamp('b', { price: 'free' }),
      lamp('c', { category_slug: 'nowhere' }),
      lamp('a', { price: '11.00' }),
      lamp('d', { currency: 'EUR' }),
      lamp('e', { product_title: 'Lantern' }),
      { ...lamp(''), sku: other },
      { product_slug: other, sku: `${other}-2`, currency: 'GBP' },
      lamp('f'),
    );
    expect(result).toMatchObject(counts(2, 0, 0, 7));
    expect(badRows).toEqual([
      { line: 3, reason: 'price: Use a decimal number, such as 12.50.' },
      { line: 4, reason: 'category_slug: There is no category nowhere.' },
      { line: 5, reason: 'sku: It is in line 2 already.' },
      { line: 6, reason: 'currency: Line 2 says otherwise of this product.' },
      { line: 7, reason: 'product_title: Line 2 says otherwise of this product.' },
      { line: 8, reason: `sku: The product ${other} has it.` },
      { line: 9, reason: 'currency: The product is priced in USD.' },
    ]);
    expect((await products(slug))[0]?.variants.map(({ sku }) => sku)).toEqual([`${slug}-a`, `${slug}-f`]);
  });

  it('makes no product of which all rows are bad', async () => {
    await run({ product_slug: other, sku: other });
    expect(await run({ product_slug: slug, sku: other })).toMatchObject(counts(0, 0, 0, 1));
    expect(await products(slug)).toEqual([]);
  });

  it('leaves a product at a hundred variants, across batches', async () => {
    const rows = [...Array(100).keys()].map((n) => lamp(String(n)));
    await run(...rows);
    const { badRows } = await run(...rows, lamp('100'));
    expect(badRows).toEqual([{ line: 102, reason: 'product_slug: The product has 100 variants already.' }]);
    expect((await products(slug))[0]?.variants).toHaveLength(100);
  });

  it('contradicts itself only once, whatever lies between the rows', async () => {
    const rows = manyRows(1_200).map((row) => ({ ...row, product_slug: `${slug}-${row.product_slug}` }));
    const apart = rows.map((row) => ({ ...row, sku: `${slug}-${row.sku}` }));
    const first = { ...apart[0], sku: `${slug}-late`, description: 'Another.' };
    expect((await run(...apart, first, { ...apart[1] })).badRows).toEqual([
      { line: 1_202, reason: 'description: Line 2 says otherwise of this product.' },
      { line: 1_203, reason: 'sku: It is in line 3 already.' },
    ]);
  });

  it('does not count away what is promised to an order', async () => {
    await run(lamp('a', { on_hand: '5', status: 'ACTIVE' }), lamp('b', { on_hand: '1' }));
    const [product] = await products(slug);
    const variantId = toGlobalId('ProductVariant', String(product?.variants[0]?.id));
    await openWarehouse(running).reserve(newOrder(), [{ variantId, quantity: 3 }]);
    const { badRows, ...result } = await run(
      lamp('a', { on_hand: '2', price: '99.00' }),
      lamp('b', { on_hand: '0' }),
    );
    expect(result).toMatchObject(counts(0, 1, 0, 1));
    expect(badRows).toEqual([{ line: 2, reason: 'on_hand: 3 pieces are promised to orders.' }]);
    expect((await products(slug))[0]?.variants).toMatchObject([
      { priceMinor: 1_000n, inventory: { onHand: 5, reserved: 3 } },
      { inventory: { onHand: 0 } },
    ]);
    expect(await run(lamp('a', { on_hand: '3' }))).toMatchObject(counts(0, 1, 0, 0));
  });

  it('may be imported together with others of the same rows, in any order, without a deadlock', async () => {
    const files = ['10.00', '20.00', '30.00'].map((price, n) => {
      const rows = [...Array(1_200).keys()].map((at) => ({
        product_slug: `${slug}-${at % 300}`,
        sku: `${slug}-${at}`,
        price,
        on_hand: String(n),
      }));
      return csvFile(n === 1 ? rows.reverse() : rows);
    });
    const results = await Promise.all(files.map((file) => importCsv(prisma, file)));
    expect(results.flatMap(({ badRows }) => badRows)).toEqual([]);
    expect(results.reduce((sum, { created }) => sum + created, 0)).toBe(1_200);
    const variants = await prisma.productVariant.findMany({
      where: { sku: { startsWith: slug } },
      include: { inventory: true },
    });
    expect(variants).toHaveLength(1_200);
    for (const { priceMinor, inventory } of variants)
      expect(Number(priceMinor)).toBe(1_000 * (1 + Number(inventory?.onHand)));
    const [wrong] = await prisma.$queryRawUnsafe<{ count: number }[]>(`
      SELECT count(*)::integer FROM products p WHERE (min_price_minor, max_price_minor) IS DISTINCT FROM
        (SELECT (min(price_minor), max(price_minor)) FROM product_variants v WHERE v.product_id = p.id)`);
    expect(wrong).toEqual({ count: 0 });
    const [server] = await prisma.$queryRawUnsafe<{ deadlocks: number }[]>(
      'SELECT deadlocks::integer FROM pg_stat_database WHERE datname = current_database()',
    );
    expect(server).toEqual({ deadlocks: 0 });
  });

  it('that takes another’s sku at the same time leaves it to one of them', async () => {
    const rows = (of: string) =>
      [...Array(300).keys()].map((n) => ({ product_slug: of, sku: `${slug}-${n}` }));
    const some = (all: Cells[]) =>
      all.map((row, n) => ({ ...row, product_slug: `${row.product_slug}-${n}` }));
    const [first, second] = await Promise.all([run(...some(rows(slug))), run(...some(rows(other)))]);
    expect(first.created + second.created).toBe(300);
    expect(first.bad + second.bad).toBe(300);
    expect(await prisma.product.count({ where: { variants: { none: {} } } })).toBe(0);
  });
});
