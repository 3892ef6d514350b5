import type { ErrorEntry } from './entry.ts';

/** Errors of operations that are more than is allowed, or other than those that are. */
export const LIMIT_ERRORS = {
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
} as const satisfies Readonly<Record<string, ErrorEntry>>;
