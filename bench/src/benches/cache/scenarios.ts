import type { GraphQLRequest } from '../../harness/load/request.ts';
import type { Scenario } from '../../harness/scenario.ts';
import { DEEP } from '../gateway/operations.ts';
import { type Variant, variants } from './variants.ts';

/** What a shop's page of a product asks for: the product, what others think of it, and what else there is. */
const PRODUCT_PAGE = /* GraphQL */ `
  query ProductPage($upc: String!) {
    product(upc: $upc) {
      upc
      name
      price
      weight
      inStock
      shippingEstimate
      reviews(first: 10) {
        id
        body
        rating
        author {
          id
          name
          username
        }
      }
    }
    recommended: topProducts(first: 8) {
      upc
      name
      price
      inStock
    }
  }
`;

/** The header by which visitors are told apart, where they are. */
export const VISITOR_HEADER = 'x-visitor';

const CONNECTIONS = [64];
const VISITORS = 1_000; // many times what is in flight at once

/** Products that have reviews: the best sold, and those that one user each has written about. */
const REVIEWED = [1, 2, 3, ...Array.from({ length: 27 }, (_, index) => 19 + index)];

interface Page {
  name: string;
  requests: readonly GraphQLRequest[];
  isFull: Scenario['isFull'];
}

const pages: readonly Page[] = [
  {
    name: 'product page',
    requests: REVIEWED.map((n) => ({ query: PRODUCT_PAGE, variables: { upc: `p${n}` }, token: null })),
    isFull: ({ product, recommended }) =>
      /"shippingEstimate":\d.*"reviews":\[\{.*"username":/.test(JSON.stringify(product)) &&
      Array.isArray(recommended) &&
      recommended.length > 0,
  },
  {
    name: 'deep query',
    requests: [{ query: DEEP, variables: {}, token: null }],
    isFull: (data) => /"author":\{.*"shippingEstimate":/.test(JSON.stringify(data)),
  },
];

/** A page, asked for in one of the ways. */
export interface CacheScenario extends Scenario {
  variant: Variant;
}

export const cacheScenarios: readonly CacheScenario[] = variants.flatMap((variant) =>
  pages.map(({ name, requests, isFull }) => ({
    name: `${name}: ${variant.name}`,
    requests: variant.apart ? ofVisitors(requests) : requests,
    isFull,
    connections: CONNECTIONS,
    variant,
  })),
);

function ofVisitors(requests: readonly GraphQLRequest[]): GraphQLRequest[] {
  return Array.from({ length: VISITORS }, (_, visitor) => {
    const request = requests[visitor % requests.length] as GraphQLRequest;
    return { ...request, headers: { [VISITOR_HEADER]: String(visitor) } };
  });
}
