import { type TraceHeaders, tagLabel } from '@tributary/platform';
import type { GraphQLFormattedError } from 'graphql';
import type { ErrorCode } from '../errors/registry.ts';
import { isObject } from '../execution/plan/objects.ts';
import { publicExtensions } from '../security/error-masking.ts';

/** What a subgraph says to caches about its answer. */
export interface AnswerCaching {
  /** The answer's `Cache-Control` header; empty when there is none. */
  cacheControl: string;
  /** Seconds that the answer was kept for on its way, by its `Age` header. @default 0 */
  age?: number;
  /**
   * Whether it was asked for by another request, earlier: who joins has looked into the caches after that, and so keeps
   * nothing of it. @default false
   */
  isShared?: boolean;
  /** The labels of the tags that all of it has. */
  tags?: readonly string[];
  /** The labels of the tags that its entities have, one list for each. */
  entityTags?: readonly (readonly string[])[];
}

/** What a subgraph answered. */
export interface SubgraphAnswer extends AnswerCaching {
  data?: Record<string, unknown> | null;
  errors?: GraphQLFormattedError[];
  /** For an event of a subscription: what it tells the state of, when it says so. */
  stateKey?: string;
  /** For an event of a subscription: the trace in which the subgraph made it, when it says so. */
  trace?: TraceHeaders;
}

/**
 * Reads the body of an answer, and takes what is private to the subgraph out of its errors.
 *
 * @param entities - how many entities were asked for, when the request was for entities
 * @throws Error saying, for the log, what is wrong with the body
 */
export function readAnswer(
  body: string,
  subgraph: string,
  entities: number | undefined,
): Omit<SubgraphAnswer, 'cacheControl' | 'age' | 'isShared'> {
  return checkAnswer(JSON.parse(body), subgraph, entities);
}

/**
 * Checks an answer that is parsed already, and takes what is private to the subgraph out of its errors.
 *
 * @throws Error saying, for the log, what is wrong with it
 */
export function checkAnswer(
  json: unknown,
  subgraph: string,
  entities: number | undefined,
): Omit<SubgraphAnswer, 'cacheControl' | 'age'> {
  if (!isObject(json)) throw new Error('the answer is not a JSON object');
  const { data, errors, extensions } = json;
  if (data === undefined && errors === undefined) throw new Error('the answer has neither data nor errors');
  if (data !== undefined && data !== null && !isObject(data)) throw new Error('`data` is not an object');
  if (errors !== undefined && !(Array.isArray(errors) && errors.every(isError))) {
    throw new Error('`errors` is not a list of GraphQL errors');
  }
  if (
    entities !== undefined &&
    data &&
    !(Array.isArray(data._entities) && data._entities.length === entities)
  ) {
    if (!errors) throw new Error(`\`_entities\` is not a list of ${entities}`);
    return { data: null, errors: errors.map((error) => withoutSecrets(error, subgraph)) };
  }
  return {
    ...(data !== undefined && { data }),
    ...(errors && errors.length > 0 && { errors: errors.map((error) => withoutSecrets(error, subgraph)) }),
    ...(extensions !== undefined && tagsIn(extensions)),
  };
}

/** Tags that a subgraph gives to its answer, as the router of Apollo reads them. */
function tagsIn(extensions: unknown): Pick<AnswerCaching, 'tags' | 'entityTags'> {
  if (!isObject(extensions)) return {};
  const { apolloCacheTags: tags, apolloEntityCacheTags: entityTags } = extensions;
  return {
    ...(Array.isArray(tags) && { tags: tags.map((tag) => tagLabel(String(tag))) }),
    ...(Array.isArray(entityTags) && {
      entityTags: entityTags.map((own) =>
        Array.isArray(own) ? own.map((tag) => tagLabel(String(tag))) : [],
      ),
    }),
  };
}

/** An error of a subgraph's as far as clients may see it. */
export function withoutSecrets(
  { message, path, extensions }: GraphQLFormattedError,
  subgraph: string,
): GraphQLFormattedError {
  return {
    message,
    ...(Array.isArray(path) && { path }),
    // Who throws to be read says so with a code; without one it is a fault, which the formatter masks.
    extensions: {
      code: 'INTERNAL_SERVER_ERROR' satisfies ErrorCode,
      ...publicExtensions(isObject(extensions) ? extensions : {}),
      subgraph,
    },
  };
}

const isError = (value: unknown): value is GraphQLFormattedError =>
  isObject(value) && typeof value.message === 'string';
