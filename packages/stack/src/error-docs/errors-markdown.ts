import { ERRORS, type ErrorEntry } from '@tributary/gateway';
import { SUBGRAPH_ERRORS } from '@tributary/subgraph-kit';
import { table } from '../documents/between-markers.ts';

/** The gateway's error codes as a table. */
export function errorsMarkdown(): string {
  const rows = Object.entries<ErrorEntry>(ERRORS).map(([code, { status, message, when, remedy }]) => [
    `\`${code}\``,
    status === null ? 'beside data' : String(status),
    message === null ? 'says what is wrong' : `“${message}”`,
    when,
    remedy,
  ]);
  return table(['Code', 'HTTP', 'Message', 'When', 'What to do'], rows);
}

/** The error codes of the shop's subgraphs as a table. */
export const subgraphErrorsMarkdown = (): string =>
  table(
    ['Code', 'When', 'What to do'],
    Object.entries(SUBGRAPH_ERRORS).map(([code, { when, remedy }]) => [`\`${code}\``, when, remedy]),
  );
