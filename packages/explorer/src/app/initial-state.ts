import type { GraphiQLProps } from 'graphiql';
import type { ExplorerExample } from '../config.ts';

/** GraphiQL's own keys for what it remembers of the editors; absent while nothing has been typed there. */
const QUERY_KEY = 'graphiql:query';
const VARIABLES_KEY = 'graphiql:variables';

/**
 * What the editors show at first: the example, until somebody has written an operation of their own.
 * The example's headers also go into each new tab, because GraphiQL does not remember headers unless told to.
 */
export function initialState(
  example: ExplorerExample | undefined,
): Pick<GraphiQLProps, 'defaultQuery' | 'defaultHeaders' | 'initialQuery' | 'initialVariables'> {
  if (!example) return {};
  const { query, variables, headers } = example;
  return {
    defaultQuery: query,
    ...(headers && { defaultHeaders: pretty(headers) }),
    ...(isUntouched(query) && {
      initialQuery: query,
      ...(variables && { initialVariables: pretty(variables) }),
    }),
  };
}

/** Whether the editors still hold the example's operation, and no variables that somebody has written. */
function isUntouched(query: string): boolean {
  const { localStorage } = window;
  return (
    localStorage.getItem(VARIABLES_KEY) === null && [null, query].includes(localStorage.getItem(QUERY_KEY))
  );
}

function pretty(value: object): string {
  return JSON.stringify(value, null, 2);
}
