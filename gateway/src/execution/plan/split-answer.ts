import type { GraphQLFormattedError } from 'graphql';
import type { AnswerCaching } from '../../transport/answer.ts';
import type { FetchAnswer, ReadyFetch } from './fetch.ts';
import type { JsonObject } from './objects.ts';
import { ENTITIES, joinedEntities } from './subgraph-operation.ts';

/** Deals an answer out to the fetches it is for. @returns null when a list of entities is not there, or too short */
export function splitAnswer(
  fetches: readonly ReadyFetch[],
  data: JsonObject | null,
  errors: readonly GraphQLFormattedError[],
  from: AnswerCaching,
): FetchAnswer[] | null {
  const names = fetches.map((_, n) => joinedEntities(n));
  const complete = fetches.every(({ representations }, n) => {
    const entities = data?.[names[n] ?? ''];
    return Array.isArray(entities) && entities.length === representations?.length;
  });
  const placed = errors.every(({ path }) => names.includes(String(path?.[0])));
  if (!complete || !placed) return null;
  let first = 0;
  return names.map((name, n) => {
    const count = fetches[n]?.representations?.length ?? 0;
    const { entityTags, ...others } = from;
    first += count;
    return {
      data: { [ENTITIES]: data?.[name] },
      errors: errors.filter(({ path }) => path?.[0] === name),
      // The subgraph tells of its entities in the order in which it was asked for them.
      from: { ...others, ...(entityTags && { entityTags: entityTags.slice(first - count, first) }) },
    };
  });
}
