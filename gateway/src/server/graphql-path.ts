/** Path of the GraphQL endpoint. */
export const GRAPHQL_PATH = '/graphql';

/** Largest body of a request. */
export const BODY_LIMIT = 100_000; // bytes
