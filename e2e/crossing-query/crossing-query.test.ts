import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Graph, startGraph } from '../support/start-graph.ts';

let graph: Graph;
beforeAll(async () => {
  graph = await startGraph();
});
afterAll(() => graph.stop());

const LAST_ORDERS = /* GraphQL */ `
  query LastOrders($first: Int!) {
    viewer {
      email
      addresses(first: 1) { edges { node { city } } }
      orders(first: $first) {
        totalCount
        edges {
          node {
            number
            status
            total { minorUnits currency }
            lines {
              title
              quantity
              unitPrice { minorUnits }
              lineTotal { minorUnits }
              variant { sku title product { title slug category { name parent { name } } } }
            }
            history(first: 10) { edges { node { from to } } }
            customer { displayName }
          }
        }
      }
      cart { subtotal { minorUnits } lines { quantity lineTotal { minorUnits } variant { price { minorUnits } } } }
    }
  }
`;

interface Money {
  minorUnits: number;
}
interface LastOrders {
  viewer: {
    email: string;
    orders: {
      totalCount: number;
      edges: {
        node: {
          status: string;
          total: Money;
          lines: {
            title: string;
            quantity: number;
            unitPrice: Money;
            lineTotal: Money;
            variant: { product: { title: string; category: { name: string } } };
          }[];
          history: { edges: { node: { from: string | null; to: string } }[] };
          customer: { displayName: string };
        };
      }[];
    };
    cart: { subtotal: Money; lines: { quantity: number; lineTotal: Money; variant: { price: Money } }[] };
  } | null;
}

it('answers the signed-in customer with fields of all three subgraphs', async () => {
  const { data, errors } = await graph.ask<LastOrders>(LAST_ORDERS, {
    variables: { first: 10 },
    viewer: 'customer',
  });
  expect(errors).toBeUndefined();
  const { viewer } = data;
  expect(viewer?.email).toBe('customer@example.com');
  expect(viewer?.orders.totalCount).toBeGreaterThanOrEqual(25);
  expect(viewer?.orders.edges).toHaveLength(10);
  for (const { node } of viewer?.orders.edges ?? []) {
    expect(node.customer.displayName).toBe('Casey Morgan');
    expect(node.history.edges.at(-1)?.node.to).toBe(node.status);
    expect(node.total.minorUnits).toBe(sum(node.lines.map(({ lineTotal }) => lineTotal.minorUnits)));
    for (const line of node.lines) {
      expect(line.lineTotal.minorUnits).toBe(line.quantity * line.unitPrice.minorUnits);
      expect(line.title.startsWith(line.variant.product.title)).toBe(true);
      expect(line.variant.product.category.name).not.toBe('');
    }
  }
});

it('prices the cart with what the catalogue asks now', async () => {
  const { data } = await graph.ask<LastOrders>(LAST_ORDERS, { variables: { first: 1 }, viewer: 'customer' });
  const { lines, subtotal } = data.viewer?.cart ?? { lines: [], subtotal: null };
  expect(lines).toHaveLength(3);
  for (const { quantity, variant, lineTotal } of lines) {
    expect(lineTotal.minorUnits).toBe(quantity * variant.price.minorUnits);
  }
  expect(subtotal?.minorUnits).toBe(sum(lines.map(({ lineTotal }) => lineTotal.minorUnits)));
});

it('answers nobody with nothing of anybody', async () => {
  const { data, errors } = await graph.ask<LastOrders>(LAST_ORDERS, { variables: { first: 1 } });
  expect({ data, errors }).toEqual({ data: { viewer: null }, errors: undefined });
});

it('shows another customer’s order to staff, and not to a customer', async () => {
  const all = await graph.ask<{ orders: { edges: { node: { id: string; customer: { id: string } } }[] } }>(
    '{ orders(first: 100) { edges { node { id customer { id } } } } }',
    { viewer: 'staff' },
  );
  const { data: own } = await graph.ask<{ viewer: { id: string } }>('{ viewer { id } }', {
    viewer: 'customer',
  });
  const foreign = all.data.orders.edges.find(({ node }) => node.customer.id !== own.viewer.id)?.node.id;
  const query =
    'query ($id: ID!) { order(id: $id) { number } node(id: $id) { id } nodes(ids: [$id]) { id } }';
  const asStaff = await graph.ask(query, { variables: { id: foreign }, viewer: 'staff' });
  expect(asStaff.data).toMatchObject({
    order: { number: expect.any(String) },
    node: { id: foreign },
    nodes: [{ id: foreign }],
  });
  const asCustomer = await graph.ask(query, { variables: { id: foreign }, viewer: 'customer' });
  expect(asCustomer.errors).toBeUndefined();
  expect(asCustomer.data).toEqual({ order: null, node: null, nodes: [null] });
});

it('walks all orders of a customer page by page, in both directions', async () => {
  const page = (args: string) =>
    graph.ask<{
      viewer: {
        orders: { edges: { cursor: string; node: { number: string } }[]; pageInfo: Record<string, unknown> };
      };
    }>(
      `{ viewer { orders(${args}) { edges { cursor node { number } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`,
      { viewer: 'customer' },
    );
  const walk = async (forward: boolean) => {
    const numbers: string[] = [];
    for (let cursor: unknown = null; ; ) {
      const at = cursor ? `, ${forward ? 'after' : 'before'}: "${cursor}"` : '';
      const { orders } = (await page(`${forward ? 'first' : 'last'}: 7${at}`)).data.viewer;
      const found = orders.edges.map(({ node }) => node.number);
      if (forward) numbers.push(...found);
      else numbers.unshift(...found);
      if (!orders.pageInfo[forward ? 'hasNextPage' : 'hasPreviousPage']) return numbers;
      cursor = orders.pageInfo[forward ? 'endCursor' : 'startCursor'];
    }
  };
  const forward = await walk(true);
  expect(new Set(forward).size).toBe(forward.length);
  expect(forward.length).toBeGreaterThanOrEqual(25);
  expect(await walk(false)).toEqual(forward);
});

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
