/** A GraphQL operation, ready to be sent. */
export interface GraphQLRequest {
  query: string;
  variables: Readonly<Record<string, unknown>>;
  /** A bearer token; null for an anonymous client. */
  token: string | null;
}

/** The HTTP side of an operation. */
export interface HttpRequest {
  headers: Record<string, string>;
  body: string;
}

/** As any GraphQL client would send it: the whole text, each time. */
export const toHttp = ({ query, variables, token }: GraphQLRequest): HttpRequest => ({
  headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
  body: JSON.stringify({ query, variables }),
});
