import { fromGlobalId } from '@tributary/subgraph-kit';
import type { MutationResolvers, QueryResolvers } from '../generated/schema-types.ts';

/** What the users subgraph asks on a person's behalf. */
export const personQueries = {
  personData: (_parent, { userId, after }, { people }) =>
    people.read(fromGlobalId('User', userId, 'userId'), after ?? null),
} satisfies Partial<QueryResolvers>;

/** What the users subgraph has done on a person's behalf. */
export const personMutations = {
  personErase: async (_parent, { userId }, { people, audit }) => ({
    done: await people.erase(fromGlobalId('User', userId, 'userId'), audit),
  }),
} satisfies Partial<MutationResolvers>;
