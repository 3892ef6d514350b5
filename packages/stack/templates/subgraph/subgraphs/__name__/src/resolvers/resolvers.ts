import type { Resolvers } from '../generated/schema-types.ts';
import { __Type__ } from './__file__.ts';
import { Query } from './query.ts';

/** All resolvers of the __name__ subgraph. */
export const resolvers: Resolvers = { Query, __Type__ };
