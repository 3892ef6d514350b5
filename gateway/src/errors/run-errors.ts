import type { ErrorEntry } from './entry.ts';

/** Errors of operations on their way, and of the services that they need. */
export const RUN_ERRORS = {
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
    message: 'No query plan was found. Ask for less at once, or for fewer types of an interface.',
    when: 'No way was found to ask the subgraphs for an operation.',
    remedy: 'As the message says. Operators: the planner’s reason is in the log, with the `requestId`.',
  },
  QUERY_PLANNING_TIMEOUT: {
    status: 400,
    message:
      'The operation takes too long to plan. Ask for less at once, or for fewer types of an interface.',
    when: 'Planning an operation takes longer than it may.',
    remedy: 'As the message says. Operators: see PLANNING_TIMEOUT_MS.',
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
    when: 'The time that the client gave by `x-request-deadline-ms`, or `extensions.deadlineMs` on a WebSocket, is over.',
    remedy: 'Ask for less at once, or allow more time.',
  },
  BAD_REQUEST_DEADLINE: {
    status: 400,
    message:
      'The header x-request-deadline-ms must be a whole number of milliseconds above zero, of at most 9 digits.',
    when: 'The header, or `extensions.deadlineMs` of an operation on a WebSocket, has another value.',
    remedy: 'Correct it, or leave it out.',
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
