/** Goes back and forth between users, their reviews and the products of these: 81 kB from 16 fetches by Apollo’s plan. */
export const DEEP = /* GraphQL */ `
  query Deep {
    users(first: 6) {
      ...User
      reviews {
        ...Review
        product {
          ...Product
          reviews {
            ...Review
            author {
              ...User
              reviews {
                ...Review
                product {
                  ...Product
                }
              }
            }
          }
        }
      }
    }
    topProducts(first: 4) {
      ...Product
      reviews {
        ...Review
        author {
          ...User
          reviews {
            ...Review
            product {
              ...Product
            }
          }
        }
      }
    }
  }
  fragment User on User {
    id
    username
    name
  }
  fragment Review on Review {
    id
    body
  }
  fragment Product on Product {
    inStock
    name
    price
    shippingEstimate
    upc
    weight
  }
`;

/** One object of one subgraph. */
export const SMALL = /* GraphQL */ `
  query Small($id: ID!) {
    user(id: $id) {
      id
      name
      username
    }
  }
`;

/** Many entities, with fields of a second subgraph. */
export const WIDE = /* GraphQL */ `
  query Wide($first: Int!) {
    topProducts(first: $first) {
      upc
      name
      price
      inStock
      shippingEstimate
    }
  }
`;

/** 20 variables, in arguments of fields of every subgraph. */
export const MANY_VARIABLES = manyVariables(['A', 'B', 'C', 'D']);

function manyVariables(names: readonly string[]): string {
  const all = (text: (name: string) => string) => names.map(text).join('');
  return `query ManyVariables(${all((n) => `$id${n}: ID!, $first${n}: Int, $min${n}: Int, $upc${n}: String!, $country${n}: String!, `)}) {
    ${all(
      (n) => `user${n}: user(id: $id${n}) {
      name
      reviews(first: $first${n}, minRating: $min${n}) { body rating product { upc name } }
    }
    product${n}: product(upc: $upc${n}) { name price stockIn(country: $country${n}) }
    `,
    )}
  }`;
}
