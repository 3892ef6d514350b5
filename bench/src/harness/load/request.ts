/** A GraphQL operation, ready to be sent. */
export interface GraphQLRequest {
  query: string;
  variables: Readonly<Record<string, unknown>>;
  /** A bearer token; null for an anonymous client. */
  token: string | null;
  /** More headers. @default none */
  headers?: Readonly<Record<string, string>>;
}

/** The HTTP side of an operation. */
export interface HttpRequest {
  headers: Record<string, string>;
  body: string;
}

/** As any GraphQL client would send it: the whole text, each time. */
export const toHttp = ({ query, variables, token, headers }: GraphQLRequest): HttpRequest => ({
  headers: {
    'content-type': 'application/json',
    ...(token && { authorization: `Bearer ${token}` }),
    ...headers,
  },
  body: JSON.stringify({ query, variables }),
});
