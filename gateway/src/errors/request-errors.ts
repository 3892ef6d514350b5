import type { ErrorEntry } from './entry.ts';

/** Errors of requests that cannot be taken for an operation of somebody. */
export const REQUEST_ERRORS = {
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
    when: 'The body has another type, such as a form, or it is compressed.',
    remedy: 'Send JSON with `Content-Type: application/json`, and without `Content-Encoding`.',
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
} as const satisfies Readonly<Record<string, ErrorEntry>>;
