import type { GraphQLError } from 'graphql';
import { FAILED_FIELD } from './fake-subgraph.ts';

/** What both executors answer with, as far as it is to be the same. */
export interface Outcome {
  data: unknown;
  /** Path and message of each, sorted. */
  errors: string[];
  /** Errors that are said to be where they are not. */
  misplaced: string[];
  /** How many requests were sent to subgraphs. */
  requests: number;
}

/**
 * Two things about paths are wrong in Apollo's executor, and left out of what is compared: an error that names no
 * entity gets the path of the plan, with `@` for every list and `_entities`; and where some objects of a list are of another type, an
 * error about one of the others gets the index of its neighbour.
 */
export const describe = (errors: readonly GraphQLError[]): string[] =>
  errors
    .map(({ path = [], message }) => {
      const end = path.findIndex((key) => key === '@' || key === '_entities');
      const place = end === -1 ? path : path.slice(0, end);
      return `${place.filter((key) => typeof key === 'string').join('.')}: ${message}`;
    })
    .toSorted();

/** The errors of resolvers whose path is not that of their field, or does not end at a null. */
export const misplacedIn = (data: unknown, errors: readonly GraphQLError[]): string[] =>
  errors.flatMap(({ path = [], message }) => {
    const field = FAILED_FIELD.exec(message)?.[1];
    if (field === undefined) return [];
    let value = data;
    for (const key of path) value = (value as Record<string | number, unknown> | null | undefined)?.[key];
    const last = String(path.findLast((key) => typeof key === 'string'));
    const isRight = (value ?? null) === null && last.replace(/_\d+$/, '') === field;
    return isRight ? [] : [`${path.join('.')}: ${message}`];
  });
