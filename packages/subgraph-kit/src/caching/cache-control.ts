import type { ApolloServerPlugin, GraphQLRequestContextWillSendResponse } from '@apollo/server';
import { ApolloServerPluginCacheControl } from '@apollo/server/plugin/cacheControl';
import type { AnswerCaching, FoundOut } from './answer-caching.ts';

type Ready = GraphQLRequestContextWillSendResponse<{ caching: AnswerCaching }>;

/**
 * Says in `Cache-Control` for how long an answer may be kept, and for whom: by the hints of the schema, of which the
 * strictest counts, and by what was read while the answer was made. And names the tags that no schema can: in
 * `extensions`, as Apollo Router reads them.
 */
export const cacheControl: ApolloServerPlugin<{ caching: AnswerCaching }>[] = [
  // It works out what the hints come to; the header is written below, when all is known.
  ApolloServerPluginCacheControl({ calculateHttpHeaders: false }),
  {
    async requestDidStart() {
      return {
        async willSendResponse(request) {
          const header = headerOf(request);
          request.response.http.headers.set('cache-control', header ?? 'no-store');
          if (header !== null) addTags(request);
        },
      };
    },
  },
];

/** Null for what nobody may keep. */
function headerOf({ contextValue, operation, response, overallCachePolicy }: Ready): string | null {
  const { isPrivate, isRefused } = contextValue.caching.found;
  const policy = overallCachePolicy.policyIfCacheable();
  if (!policy || isRefused || operation?.operation !== 'query' || response.body.kind !== 'single')
    return null;
  const { data, errors } = response.body.singleResult;
  if (errors || !data) return null;
  const scope = isPrivate ? 'PRIVATE' : policy.scope;
  if (scope === 'PRIVATE' && lacksRoot(data)) return null;
  return `max-age=${policy.maxAge}, ${scope.toLowerCase()}`;
}

/** Whether something was asked for that is not there. Nobody can say when it will be: it has no label yet. */
const lacksRoot = (data: Record<string, unknown>): boolean =>
  Object.values(data).some((root) => root === null || (Array.isArray(root) && root.includes(null)));

function addTags({ contextValue, response }: Ready): void {
  if (response.body.kind !== 'single') return;
  const { singleResult } = response.body;
  const extensions = tagsOf(contextValue.caching.found, singleResult.data?._entities);
  if (extensions) singleResult.extensions = { ...singleResult.extensions, ...extensions };
}

function tagsOf({ tags, entityTags }: FoundOut, entities: unknown): Record<string, unknown> | null {
  if (tags.size === 0 && entityTags.size === 0) return null;
  return {
    ...(tags.size > 0 && { apolloCacheTags: [...tags] }),
    ...(entityTags.size > 0 &&
      Array.isArray(entities) && {
        apolloEntityCacheTags: entities.map((_entity, index) => [...(entityTags.get(index) ?? [])]),
      }),
  };
}
