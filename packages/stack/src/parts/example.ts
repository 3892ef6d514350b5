/** What the explorers start with: a query that anybody may ask, across the catalogue. */
export const EXAMPLE = {
  query: `# A page of the catalogue. With an access token (npm run -s token -- customer@example.com)
# in the header "authorization: Bearer ...", ask for viewer, cart and orders too.
query Catalogue($search: String, $first: Int = 5) {
  products(search: $search, first: $first) {
    totalCount
    edges {
      node {
        title
        category { name }
        priceRange { min { amount currency } max { amount } }
        variants(first: 3) {
          edges { node { sku title price { amount } stockStatus } }
        }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`,
  variables: { search: 'jacket' },
};
