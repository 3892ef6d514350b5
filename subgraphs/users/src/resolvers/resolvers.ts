import type { Resolvers } from '../generated/schema-types.ts';
import { Address } from './address.ts';
import { DataExport } from './data-export.ts';
import { Mutation } from './mutation.ts';
import { Query } from './query.ts';
import { Session, UserSession } from './session.ts';
import { User } from './user.ts';

/** All resolvers of the users subgraph. */
export const resolvers: Resolvers = { Query, Mutation, User, Address, DataExport, Session, UserSession };
