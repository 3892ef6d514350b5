import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { behindLock } from './support/behind-lock.ts';
import { addCategory, addProduct } from './support/rows.ts';
import { type RunningProducts, runProducts } from './support/running-products.ts';

let products: RunningProducts;
beforeAll(async () => {
  products = await runProducts();
});
afterAll(() => products?.close());

const ANSWER = 'product { id } userErrors { __typename ... on UserError { code field } }';
const CREATE = `mutation ($input: ProductCreateInput!) { done: productCreate(input: $input) { ${ANSWER} } }`;
const UPDATE = `mutation ($input: ProductUpdateInput!) { done: productUpdate(input: $input) { ${ANSWER} } }`;

it('a category that is removed at the same time is not there for a product', async () => {
  const category = await addCategory(products.prisma, 'Garden');
  const { id } = await addProduct(products.prisma, { title: 'Rake' });
  const price = { minorUnits: 1_000, currency: 'USD' };
  const spade = {
    slug: 'spade',
    title: 'Spade',
    categoryId: category.id,
    variants: [{ sku: 'SPADE', title: 'Standard', price }],
  };
  const answers = await behindLock(
    products.prisma,
    (tx) => tx.category.delete({ where: { id: category.uuid } }),
    () => [
      products.data(UPDATE, { input: { id, categoryId: category.id } }, 'STAFF'),
      products.data(CREATE, { input: spade }, 'STAFF'),
    ],
  );
  const userErrors = [{ __typename: 'NotFoundError', code: 'NOT_FOUND', field: ['categoryId'] }];
  const notFound = { done: { product: null, userErrors } };
  expect(answers).toEqual([notFound, notFound]);
});
