/** What a gateway adds to the name of a client's operation: `Orders__products__1` is the second fetch of `Orders`. */
const OF_A_FETCH = /__\w+__\d+$/;

/** Names are written into logs. */
const ACCEPTABLE = /^\w{1,100}$/;

/** The name of the client's operation that a request is for; undefined where it has none. @param parameters - of GraphQL */
export function clientOperationOf(parameters: unknown): string | undefined {
  const { operationName } = (parameters ?? {}) as { operationName?: unknown };
  if (typeof operationName !== 'string') return undefined;
  const name = operationName.replace(OF_A_FETCH, '');
  return ACCEPTABLE.test(name) ? name : undefined;
}
