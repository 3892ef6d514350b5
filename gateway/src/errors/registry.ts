/** What is to be known of an error code. */
export interface ErrorEntry {
  /** The HTTP status of an answer that is this error and nothing else; null for one that stands beside data. */
  status: number | null;
  /** What the client is told, with values in braces; null where it says what is wrong with this very request. */
  message: string | null;
  /** When it is answered. */
  when: string;
  /** What the client, or the operator, does about it. */
  remedy: string;
}

/**
 * Every error code that the gateway itself answers with; what subgraphs answer goes through as it is. A part that refuses
 * something has an entry here, and makes its errors with `gatewayError`. `npm run settings` writes the table of
 * docs/errors.md from this.
 */
export const ERRORS = {
  GRAPHQL_PARSE_FAILED: {
    status: 400,
    message: null,
    when: 'The document is not GraphQL.',
    remedy: 'Mend the document; the error has the line and column.',
  },
  GRAPHQL_VALIDATION_FAILED: {
    status: 400,
    message: null,
    when: 'The document does not fit the schema.',
    remedy: 'Mend the document. After a change of the schema: generate the client’s types again.',
  },
  BAD_USER_INPUT: {
    status: 400,
    message: null,
    when: 'A variable or an argument has a value that it cannot have.',
    remedy: 'Change the value that the message, `argument` and `reason` name.',
  },
  OPERATION_RESOLUTION_FAILURE: {
    status: 400,
    message: null,
    when: '`operationName` names no operation of the document, or is missing where there are several.',
    remedy: 'Send the name of one of the operations.',
  },
  PERSISTED_QUERY_NOT_FOUND: {
    status: 200,
    message: 'PersistedQueryNotFound',
    when: 'The hash of an automatic persisted query is not known here.',
    remedy: 'Send the hash with the text; clients with persisted queries do so by themselves.',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    status: 200,
    message: 'PersistedQueryNotSupported',
    when: 'Automatic persisted queries are switched off.',
    remedy: 'Send the text.',
  },
  BAD_REQUEST: {
    status: 400,
    message: null,
    when: 'The request is no GraphQL over HTTP: no JSON, a batch, a GET or a form that another site’s page could send, or it cannot be read as HTTP.',
    remedy:
      'Send a POST with `Content-Type: application/json`, or a GET with the header `apollo-require-preflight`. A mutation takes a POST (405).',
  },
  NOT_FOUND: {
    status: 404,
    message: 'There is nothing at this path.',
    when: 'The path leads nowhere.',
    remedy: 'The endpoint is `/graphql`.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    message: 'Send a GET or a POST.',
    when: 'The endpoint is asked with another method.',
    remedy: 'Use one of the methods in `Allow`.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    message: 'The request did not come in time.',
    when: 'The head or the body of the request takes too long to arrive.',
    remedy: 'Try again on a new connection.',
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    message: 'The body of the request is too large.',
    when: 'The body has more bytes than are taken.',
    remedy: 'Send less at once; large values do not belong into documents.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    message: 'Send the request as application/json.',
    when: 'The body has another type, such as a form.',
    remedy: 'Send JSON with `Content-Type: application/json`.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    message: 'The URL and the headers of the request are too large.',
    when: 'The URL and the headers have more than 16 kB together.',
    remedy: 'Send the operation by POST; drop cookies that are not needed.',
  },
  UNAUTHENTICATED: {
    status: 401,
    message: 'The access token is not valid.',
    when: 'The access token has expired, was changed, or is from another issuer.',
    remedy: 'Refresh the token, or sign in again.',
  },
  AUTHENTICATION_UNAVAILABLE: {
    status: 503,
    message: 'Access tokens cannot be verified at the moment.',
    when: 'The keys of the token issuer cannot be had.',
    remedy: 'Try again after `Retry-After`. Operators: see AUTH_JWKS_URL, and the log.',
  },
  UNAUTHORIZED_FIELD_OR_TYPE: {
    status: 403,
    message: 'Unauthorized field or type',
    when: 'A field or a type takes being signed in, scopes or a policy that who asks does not have; `path` has where. With `authorization: { mode: filter }` the fields are null, and the status is 200.',
    remedy: 'Sign in, or ask for less. See docs/authorization.md.',
  },
  ORIGIN_NOT_ALLOWED: {
    status: 403,
    message: 'Pages of this origin may not open a WebSocket here.',
    when: 'A page of another site opens a WebSocket.',
    remedy: 'Operators: add the page’s origin to `cors.origins`, see docs/security.md.',
  },
  SERVICE_UNAVAILABLE: {
    status: 503,
    message: 'The server is about to stop.',
    when: 'An event stream is asked of a gateway that shuts down.',
    remedy: 'Try again after `Retry-After`; another gateway will answer.',
  },
  OVERLOADED: {
    status: 503,
    message: 'The server has more to do than it can. Try again later.',
    when: 'There are more operations under way than can be answered in time.',
    remedy: 'Try again after `Retry-After`. Operators: see docs/operations.md.',
  },
  RATE_LIMITED: {
    status: 429,
    message: null,
    when: 'More was asked than `rate_limits` allow; `limit` says which one, `retryAfter` how many seconds are left.',
    remedy: 'Wait for `Retry-After`. Operators: see docs/rate-limits.md.',
  },
  PERSISTED_QUERY_NOT_IN_LIST: {
    status: 404,
    message: 'No operation is registered with this id.',
    when: 'An id is in none of the manifests of `persisted_operations`.',
    remedy: 'Operators: publish the manifest of the client’s build to the gateways first.',
  },
  QUERY_NOT_IN_SAFELIST: {
    status: 403,
    message: 'Only registered operations are run here, and this is none of them.',
    when: '`persisted_operations` has the mode `safelist`, and the operation is in none of its manifests.',
    remedy: 'Register it: see docs/persisted-operations.md.',
  },
  PERSISTED_QUERY_ID_REQUIRED: {
    status: 400,
    message: 'Operations are run by their id alone here.',
    when: '`persisted_operations` has `require_id`, and the text of an operation was sent.',
    remedy: 'Send the id.',
  },
  CANNOT_SEND_PQ_ID_AND_BODY: {
    status: 400,
    message: 'Send either the id of an operation or its text.',
    when: 'Both were sent.',
    remedy: 'Send one of them.',
  },
  MAX_TOKENS_LIMIT: {
    status: 400,
    message: null,
    when: 'There are more tokens in the document than `limits.tokens` allows.',
    remedy: 'Ask for less at once. Operators: see docs/limits.md.',
  },
  MAX_DEPTH_LIMIT: {
    status: 400,
    message: null,
    when: 'There are more fields one inside the other than `limits.depth` allows.',
    remedy: 'Ask for less at once. Operators: see docs/limits.md.',
  },
  MAX_FIELDS_LIMIT: {
    status: 400,
    message: null,
    when: 'There are more fields in the operation, fragments spread out than `limits.fields` allows.',
    remedy: 'Ask for less at once. Operators: see docs/limits.md.',
  },
  MAX_ROOT_FIELDS_LIMIT: {
    status: 400,
    message: null,
    when: 'There are more fields at the root of the operation than `limits.root_fields` allows.',
    remedy: 'Ask for less at once. Operators: see docs/limits.md.',
  },
  MAX_ALIASES_LIMIT: {
    status: 400,
    message: null,
    when: 'There are more aliases in the operation than `limits.aliases` allows.',
    remedy: 'Ask for less at once. Operators: see docs/limits.md.',
  },
  MAX_DUPLICATES_LIMIT: {
    status: 400,
    message: null,
    when: 'There are more fields that stand beside one of the same name than `limits.duplicates` allows.',
    remedy: 'Ask for less at once. Operators: see docs/limits.md.',
  },
  MAX_DIRECTIVES_LIMIT: {
    status: 400,
    message: null,
    when: 'There are more directives in the operation than `limits.directives` allows.',
    remedy: 'Ask for less at once. Operators: see docs/limits.md.',
  },
  MAX_DIRECTIVES_PER_PLACE_LIMIT: {
    status: 400,
    message: null,
    when: 'There are more directives in one place than `limits.directives_per_place` allows.',
    remedy: 'Ask for less at once. Operators: see docs/limits.md.',
  },
  MAX_DEFINITIONS_LIMIT: {
    status: 400,
    message: null,
    when: 'There are more operations and fragments in the document than `limits.definitions` allows.',
    remedy: 'Ask for less at once. Operators: see docs/limits.md.',
  },
  MAX_LIST_ITEMS_LIMIT: {
    status: 400,
    message: null,
    when: 'There are more items in a list than `limits.list_items` allows.',
    remedy: 'Ask for less at once. Operators: see docs/limits.md.',
  },
  MAX_INPUT_DEPTH_LIMIT: {
    status: 400,
    message: null,
    when: 'There are more lists and objects one inside the other in an argument or a variable than `limits.input_depth` allows.',
    remedy: 'Ask for less at once. Operators: see docs/limits.md.',
  },
  MAX_INPUT_VALUES_LIMIT: {
    status: 400,
    message: null,
    when: 'There are more values in the variables than `limits.input_values` allows.',
    remedy: 'Ask for less at once. Operators: see docs/limits.md.',
  },
  COST_ESTIMATED_TOO_EXPENSIVE: {
    status: 400,
    message: null,
    when: 'An operation would cost more than `cost.limit`; the extension `cost` has both.',
    remedy: 'Ask for shorter lists. Operators: see docs/limits.md.',
  },
  COST_QUERY_PARSE_FAILURE: {
    status: 400,
    message: null,
    when: 'A list takes exactly one argument that says how long it is, by `@listSize`, and has another number of them.',
    remedy: 'Give one of the arguments that the message names.',
  },
  TOO_MANY_CONNECTIONS: {
    status: 429,
    message: 'Too many connections from this address.',
    when: 'An address has as many WebSockets and event streams open as it may have.',
    remedy: 'Close some. Operators: see CONNECTIONS_PER_CLIENT, and TRUST_PROXY behind a proxy.',
  },
  SUBSCRIPTION_NOT_SUPPORTED: {
    status: 400,
    message: 'A subscription takes a WebSocket, or a request that accepts `text/event-stream`.',
    when: 'A subscription comes as an ordinary request.',
    remedy: 'See docs/subscriptions.md for the two ways.',
  },
  SUBSCRIPTIONS_NOT_SERVED: {
    status: null,
    message: 'The subgraph "{subgraph}" is configured to serve no subscriptions.',
    when: 'The configuration says that the subgraph has no subscriptions, the schema that it has.',
    remedy: 'Operators: change `subscriptions` of the subgraph in `gateway.yaml`.',
  },
  SUBSCRIPTION_OUTDATED: {
    status: null,
    message: 'The supergraph was changed, and the subscription has to be planned anew. Subscribe again.',
    when: 'The supergraph was swapped while a subscription ran.',
    remedy: 'Subscribe again.',
  },
  SUBSCRIPTION_OVERRUN: {
    status: null,
    message: 'More events came than could be filled in. Subscribe again, then ask for the state.',
    when: 'Events of a subscription come faster than other subgraphs fill them in.',
    remedy: 'Subscribe again, then query what may have been missed.',
  },
  SUBSCRIPTION_LIMIT: {
    status: null,
    message: 'This connection has as many operations as it may have at once.',
    when: 'A WebSocket has as many operations under way as it may have.',
    remedy: 'Complete some. Operators: see OPERATIONS_PER_WEBSOCKET.',
  },
  AUTHORIZATION_CHANGED: {
    status: null,
    message: 'What you may see of this subscription is not what it was. Subscribe again.',
    when: 'A policy decides otherwise than when the subscription began, or a new supergraph asks for more.',
    remedy: 'Subscribe again; what may be seen then is what comes.',
  },
  TOKEN_EXPIRED: {
    status: null,
    message: 'The access token has expired. Subscribe again with a new one.',
    when: 'The token of an event stream expires while it is open.',
    remedy: 'Subscribe again with a new token.',
  },
  QUERY_PLANNING_FAILED: {
    status: 500,
    message: null,
    when: 'No way was found to ask the subgraphs for an operation.',
    remedy: 'Ask for less at once, or for fewer types of an interface.',
  },
  UNRESOLVABLE_SELECTION: {
    status: 500,
    message: 'No subgraph has what is selected in "{field}".',
    when: 'A field is in the schema, and no subgraph has what is selected in it.',
    remedy: 'Operators: the supergraph promises more than its subgraphs have.',
  },
  SUBGRAPH_UNAVAILABLE: {
    status: null,
    message: 'Subgraph "{subgraph}" cannot be reached.',
    when: 'A subgraph refuses the connection, breaks it, or answers with a 5xx.',
    remedy: 'Its fields are null; try again later. Operators: the reason is in the log.',
  },
  SUBGRAPH_TIMEOUT: {
    status: null,
    message: 'Subgraph "{subgraph}" did not answer in time.',
    when: 'A subgraph takes longer than it has.',
    remedy: 'As above. Operators: see `timeout` in docs/transport.md.',
  },
  SUBGRAPH_INVALID_RESPONSE: {
    status: null,
    message: 'Subgraph "{subgraph}" gave an answer that is not a GraphQL response.',
    when: 'A subgraph answers with something else, such as a page of a proxy.',
    remedy: 'As above.',
  },
  SUBGRAPH_INVALID_ENCODING: {
    status: null,
    message: 'Subgraph "{subgraph}" gave an answer whose compression cannot be undone, or was not asked for.',
    when: 'The bytes of a subgraph’s answer are not what its `Content-Encoding` says.',
    remedy: 'As above.',
  },
  SUBGRAPH_ANSWER_TOO_LARGE: {
    status: null,
    message: 'Subgraph "{subgraph}" gave an answer that is too large.',
    when: 'A subgraph’s answer has more bytes than it may have.',
    remedy: 'Ask for less at once. Operators: see `answer_limit` in docs/transport.md.',
  },
  SUBGRAPH_CIRCUIT_OPEN: {
    status: null,
    message: 'Subgraph "{subgraph}" is not asked for a moment: it failed too often.',
    when: 'The circuit breaker of a subgraph is open.',
    remedy: 'Its fields are null; try again a second later. Operators: see `breaker` in docs/transport.md.',
  },
  REQUEST_DEADLINE_EXCEEDED: {
    status: null,
    message: 'Subgraph "{subgraph}" was not waited for any longer: the deadline of the request has passed.',
    when: 'The time that the client gave by `x-request-deadline-ms` is over.',
    remedy: 'Ask for less at once, or allow more time.',
  },
  BAD_REQUEST_DEADLINE: {
    status: 400,
    message:
      'The header x-request-deadline-ms must be a whole number of milliseconds above zero, of at most 9 digits.',
    when: 'The header has another value.',
    remedy: 'Correct the header, or leave it out.',
  },
  REQUEST_CANCELLED: {
    status: null,
    message: 'Subgraph "{subgraph}" was not waited for: the client is gone.',
    when: 'The client goes away before it has its answer; it is seen in logs only.',
    remedy: 'Nothing.',
  },
  INVALID_GRAPHQL: {
    status: null,
    message: null,
    when: 'A subgraph gives a value that the schema does not allow; the field is null.',
    remedy: 'Operators: mend the subgraph.',
  },
  DOWNSTREAM_SERVICE_ERROR: {
    status: null,
    message: null,
    when: 'A part of the graph that the gateway answers itself fails without a code of its own.',
    remedy: 'Its fields are null; try again later.',
  },
  INTERNAL_SERVER_ERROR: {
    status: 500,
    message: 'Internal server error',
    when: 'A fault, here or in a subgraph. What went wrong is in the log only, with the `requestId`.',
    remedy: 'Try again later; report the `requestId`. Operators: look for it in the log.',
  },
  UNAVAILABLE: {
    status: 503,
    message: 'Not all gateways could be told. Try again.',
    when: 'On the admin port: caches could not be cleared, as Redis cannot be reached.',
    remedy: 'Try again after `Retry-After`.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;

/** A code that the gateway answers with. */
export type ErrorCode = keyof typeof ERRORS;
