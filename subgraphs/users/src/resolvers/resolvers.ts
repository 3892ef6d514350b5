import type { Resolvers } from '../generated/schema-types.ts';
import { Address } from './address.ts';
import { Query } from './query.ts';
import { User } from './user.ts';

/** All resolvers of the users subgraph. */
export const resolvers: Resolvers = { Query, User, Address };
