import { pageRequest, toConnection } from '@tributary/subgraph-kit';
import type { QueryResolvers } from '../generated/schema-types.ts';

export const Query: QueryResolvers = {
  __fields__: async (_parent, page, { __fields__ }) => toConnection(await __fields__.list(pageRequest(page))),
};
