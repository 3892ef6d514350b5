import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fromGlobalId } from '@tributary/subgraph-kit';
import { openOutbox, type TestOutbox } from '@tributary/testing';
import { EVENT_CATALOGUE } from '../src/event-catalogue.ts';
import { addProduct } from './support/rows.ts';
import { type RunningProducts, runProducts } from './support/running-products.ts';
import { newOrder, openWarehouse, type Warehouse } from './support/warehouse.ts';

let running: RunningProducts;
let warehouse: Warehouse;
let outbox: TestOutbox;
beforeAll(async () => {
  running = await runProducts();
  warehouse = openWarehouse(running);
  outbox = await openOutbox(running.databaseUrl, EVENT_CATALOGUE.events);
});
afterAll(() => running?.close());
beforeEach(async () => void (await outbox.take()));

const variantOf = (id: string) => fromGlobalId('ProductVariant', id, 'id');
const typesOf = (events: readonly { type: string }[]) => events.map(({ type }) => type);

describe('stock', () => {
  it('that is counted, reserved, given back and sold is told of with what it was before', async () => {
    const id = await warehouse.stock(5);
    const variantId = variantOf(id);
    const [, , counted] = await outbox.take();
    expect(counted).toMatchObject({ type: 'stock.changed.v1', about: `stock:${variantId}` });

    const [given, sold] = [newOrder(), newOrder()];
    await warehouse.reserve(given, [{ variantId: id, quantity: 2 }]);
    await warehouse.release(given);
    await warehouse.reserve(sold, [{ variantId: id, quantity: 1 }]);
    await warehouse.confirm(sold);
    const stock = (onHand: number, reserved: number) => ({ onHand, reserved });
    expect((await outbox.take()).map(({ type, data }) => [type, data])).toEqual([
      ['stock.reserved.v1', { variantId, ...stock(5, 2), before: stock(5, 0) }],
      ['stock.released.v1', { variantId, ...stock(5, 0), before: stock(5, 2) }],
      ['stock.reserved.v1', { variantId, ...stock(5, 1), before: stock(5, 0) }],
      ['stock.changed.v1', { variantId, ...stock(4, 0), before: stock(5, 1) }],
    ]);
  });

  it('that is short is not told of', async () => {
    const id = await warehouse.stock(1);
    await outbox.take();
    await warehouse.reserve(newOrder(), [{ variantId: id, quantity: 2 }]);
    expect(await outbox.take()).toEqual([]);
  });
});

describe('the catalogue', () => {
  it('tells of products and variants that are added', async () => {
    const { uuid, variantIds } = await addProduct(running.prisma, {
      title: 'Tent',
      currency: 'EUR',
      variants: [{ price: 9_900 }, { price: 12_900 }],
    });
    const events = await outbox.take();
    expect(events[0]).toEqual({
      type: 'product.created.v1',
      about: `product:${uuid}`,
      data: { productId: uuid, status: 'ACTIVE', categoryId: null },
    });
    const added = events.filter(({ type }) => type === 'variant.created.v1');
    expect(added.map(({ data }) => [data.variantId, data.price])).toEqual([
      [variantOf(variantIds[0] ?? ''), { minorUnits: 9_900, currency: 'EUR' }],
      [variantOf(variantIds[1] ?? ''), { minorUnits: 12_900, currency: 'EUR' }],
    ]);
  });

  it('tells which fields of a product were changed, and not what is in them', async () => {
    const { uuid } = await addProduct(running.prisma, { title: 'Lamp', variants: [{ price: 100 }] });
    await outbox.take();
    const where = { id: uuid };
    await running.prisma.product.update({ where, data: { title: 'Lantern', status: 'ARCHIVED' } });
    await running.prisma.product.update({ where, data: { minPriceMinor: 5n } });
    expect(await outbox.take()).toEqual([
      {
        type: 'product.changed.v1',
        about: `product:${uuid}`,
        data: { productId: uuid, status: 'ARCHIVED', categoryId: null, changed: ['title', 'status'] },
      },
    ]);
  });

  it('tells of prices that are changed', async () => {
    const { uuid, variantIds } = await addProduct(running.prisma, {
      title: 'Mug',
      variants: [{ price: 700 }],
    });
    const [id = ''] = variantIds;
    await outbox.take();
    await running.data(
      `mutation ($input: ProductVariantUpdateInput!) { productVariantUpdate(input: $input) { userErrors { __typename } } }`,
      { input: { id, price: { minorUnits: 800, currency: 'USD' } } },
      'STAFF',
    );
    const [changed, ...others] = await outbox.take();
    expect(others).toEqual([]);
    expect(changed).toMatchObject({
      type: 'variant.price-changed.v1',
      about: `variant:${variantOf(id)}`,
      data: { productId: uuid, price: { minorUnits: 800 }, before: { minorUnits: 700 } },
    });
  });

  it('tells of an import once it has ended', async () => {
    const { id } = await running.prisma.importRun.create({ data: { format: 'CSV', requestId: 'test' } });
    await running.prisma.importRun.update({ where: { id }, data: { status: 'RUNNING' } });
    await running.prisma.importRun.update({ where: { id }, data: { rows: 3, created: 2, bad: 1 } });
    await running.prisma.importRun.update({
      where: { id },
      data: { status: 'DONE', finishedAt: new Date() },
    });
    await running.prisma.importRun.update({ where: { id }, data: { startedAt: new Date() } });
    const events = await outbox.take();
    expect(typesOf(events)).toEqual(['catalogue.imported.v1']);
    expect(events[0]?.data).toEqual({
      importRunId: id,
      status: 'DONE',
      rows: 3,
      created: 2,
      updated: 0,
      unchanged: 0,
      bad: 1,
    });
  });
});
