/** The query that crosses all three subgraphs: who is signed in, their last orders, and what was in them. */
export const CROSSING = `query Crossing($first: Int!) {
  viewer {
    id
    displayName
    orders(first: $first) {
      edges {
        node {
          id
          number
          status
          placedAt
          total { amount currency }
          lines {
            id
            title
            quantity
            unitPrice { amount currency }
            variant {
              id
              sku
              title
              product {
                id
                slug
                title
                category { id slug name }
              }
            }
          }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

/** What a shop's product page shows, to anybody. */
export const PRODUCT_PAGE = `query ProductPage($slug: String!) {
  productBySlug(slug: $slug) {
    id
    slug
    title
    description
    priceRange { min { amount currency } max { amount currency } }
    category {
      id
      slug
      name
      parent { id slug name parent { id slug name } }
    }
    variants(first: 20) {
      edges {
        node {
          id
          sku
          title
          price { amount currency }
          stockStatus
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

/** The places that the other operations leave out where one subgraph's data leads to another's; not timed. */
export const OTHER_LINKS = `query OtherLinks {
  viewer {
    email
    cart {
      id
      lines { id quantity lineTotal { amount currency } variant { id sku stockStatus } }
      subtotal { amount currency }
      updatedAt
    }
    orders(first: 2) {
      totalCount
      edges {
        cursor
        node {
          nextStatuses
          customer { id displayName email }
          shippingAddress { city countryCode }
          lines { variant { id } lineTotal { amount } }
          history(first: 5) { edges { node { from to at actor { id displayName role } } } }
        }
      }
    }
    addresses(first: 3) { edges { node { id city } } }
  }
  cart { id }
}`;
