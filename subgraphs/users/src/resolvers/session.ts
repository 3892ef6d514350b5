import { pageRequest, toConnection, toGlobalId } from '@tributary/subgraph-kit';
import type { SessionResolvers, UserResolvers, UserSessionResolvers } from '../generated/schema-types.ts';

export const Session: SessionResolvers = {
  refreshToken: ({ refreshToken, refreshTokenIn }) => (refreshTokenIn === 'BODY' ? refreshToken : null),
};

export const UserSession: UserSessionResolvers = {
  id: ({ id }) => toGlobalId('UserSession', id),
  current: ({ id }, _args, { identity }) => identity?.sessionId === id,
};

/** What a user has to do with sessions. */
export const sessionFields = {
  sessions: async (user, args, { viewer, loaders }) => {
    const page = pageRequest(args);
    if (viewer?.userId !== user.id) return null;
    return toConnection(await loaders.sessionsOfUser.load({ parentId: user.id, args: page }));
  },
} satisfies UserResolvers;
