/** What is to be known of an error code of a subgraph's. */
export interface SubgraphErrorEntry {
  /** When it is answered. */
  when: string;
  /** What the client, or the operator, does about it. */
  remedy: string;
}

/**
 * Every error code that the subgraphs of this repository answer with. What a user can act on is no error: it is in
 * `userErrors`, see `UserErrorCode`. `npm run settings` writes the table of docs/errors.md from this.
 */
export const SUBGRAPH_ERRORS = {
  BAD_USER_INPUT: {
    when: 'An argument cannot be used; `argument` says which, `reason` why: `INVALID_ID`, `INVALID_CURSOR`, `INVALID_PAGINATION`, `INVALID_ARGUMENT`, `TEXT_TOO_LONG`, `NUL_CHARACTER`.',
    remedy: 'Change the argument.',
  },
  UNAUTHENTICATED: {
    when: 'Nobody is signed in where somebody must be; or, at a subgraph, the gateway did not sign who is asking.',
    remedy: 'Sign in. Operators: INTERNAL_SECRET must be the same everywhere.',
  },
  FORBIDDEN: {
    when: 'Who is signed in may not see or do this; or, at a subgraph, what only the gateway may ask was not signed by it.',
    remedy: 'Ask as somebody who may; ask a subgraph by way of the gateway.',
  },
  OTHER_REGION: {
    when: 'A subgraph is asked by a gateway or a service whose DATA_REGION is another.',
    remedy: 'Operators: SUBGRAPH_URLS must lead to subgraphs of the same DATA_REGION.',
  },
  DOCUMENT_TOO_DEEP: {
    when: 'What a subgraph is sent has more brackets one inside the other than it takes.',
    remedy: 'Ask for less depth. Operators: see SUBGRAPH_MAX_DEPTH.',
  },
  BAD_REQUEST: {
    when: 'What a subgraph is sent is no GraphQL over HTTP.',
    remedy: 'Send a POST of JSON; ask by way of the gateway.',
  },
  PAYLOAD_TOO_LARGE: {
    when: 'The body of a request to a subgraph has more bytes than it takes.',
    remedy: 'Ask for less at once. Operators: see SUBGRAPH_MAX_BODY_BYTES.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    when: 'The body of a request to a subgraph is no JSON.',
    remedy: 'Send JSON with `Content-Type: application/json`.',
  },
  REQUEST_CANCELLED: {
    when: 'Nobody waits for the answer any more; it is seen in logs only.',
    remedy: 'Nothing.',
  },
  DEADLINE_EXCEEDED: {
    when: 'The time that the gateway gave for the answer is over.',
    remedy: 'Ask for less at once, or allow more time.',
  },
  NOT_FOUND: {
    when: 'What is asked about is not there, or is another user’s.',
    remedy: 'Ask for something else.',
  },
  INTERNAL_SERVER_ERROR: {
    when: 'A fault of the subgraph’s. What went wrong is in its log only, with the `incident`; the gateway masks it once more.',
    remedy: 'Operators: look for the incident in the log.',
  },
  SERVICE_UNAVAILABLE: {
    when: 'A database, or a service that has to take part in a change, gives no answer; `retryable` is true, and nothing is half done.',
    remedy: 'Try again with the same idempotency key.',
  },
  MIXED_CURRENCIES: {
    when: 'The lines of a cart have prices in several currencies, so that there is no one total.',
    remedy: 'Show the totals of the lines.',
  },
  SIGN_IN_NOT_CONFIGURED: {
    when: 'The users subgraph has no keys to sign tokens with.',
    remedy: 'Operators: set AUTH_SIGNING_KEYS.',
  },
  TOO_MANY_SUBSCRIPTIONS: {
    when: 'A connection of the gateway’s has as many subscriptions as it may have.',
    remedy: 'Operators: see SUBSCRIPTIONS_PER_CONNECTION.',
  },
  GRAPHQL_PARSE_FAILED: {
    when: 'What the gateway sent is not GraphQL.',
    remedy: 'Operators: see the log of both.',
  },
  GRAPHQL_VALIDATION_FAILED: {
    when: 'What the gateway sent does not fit the subgraph’s schema: the supergraph was composed of another.',
    remedy: 'Operators: compose the supergraph anew.',
  },
  OPERATION_RESOLUTION_FAILURE: {
    when: 'A WebSocket of a subgraph is sent what is no subscription, or does not say which operation is meant.',
    remedy: 'Send queries and mutations by HTTP.',
  },
} as const satisfies Readonly<Record<string, SubgraphErrorEntry>>;
