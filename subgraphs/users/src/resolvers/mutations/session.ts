import { Refusal, type Settled, settle, tryFromGlobalId } from '@tributary/subgraph-kit';
import { GraphQLError } from 'graphql';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import type { MutationResolvers } from '../../generated/schema-types.ts';
import { clearRefreshCookie, readRefreshCookie, setRefreshCookie } from '../../http/refresh-cookie.ts';
import { type IssuedSession, sessionExpired } from '../../services/session.service.ts';
import { SignInNotConfigured } from '../../services/tokens.ts';
import { signedInUser } from '../signed-in.ts';

/** Registering, signing in, staying signed in and signing out. */
export const sessionMutations = {
  userRegister: async (_parent, { input }, context) => {
    const { value: session, userErrors } = await signIn(context, () =>
      context.registration.register(input, context),
    );
    return { session, userErrors };
  },

  sessionCreate: async (_parent, { input }, context) => {
    const { value: session, userErrors } = await signIn(context, () =>
      context.sessions.create(input, context),
    );
    return { session, userErrors };
  },

  sessionRefresh: async (_parent, { input }, context) => {
    const fromCookie = input.refreshToken == null ? readRefreshCookie(context.cookies) : null;
    const { value: session, userErrors } = await signIn(context, async () => {
      try {
        return await context.sessions.refresh(input.refreshToken ?? fromCookie, context);
      } catch (error) {
        if (error instanceof Refusal && fromCookie !== null) clearRefreshCookie(context.cookies);
        throw error;
      }
    });
    // Who lost a race keeps the cookie: by now it may be the one that the winner was given.
    return { session, userErrors: session || userErrors.length > 0 ? userErrors : [sessionExpired()] };
  },

  sessionRevoke: async (_parent, { input: { id, everywhere } }, context) => {
    const userId = await signedInUser(context);
    const current = currentSession(context);
    const wanted = id == null ? undefined : tryFromGlobalId('UserSession', id);
    const { value: revokedCount, userErrors } = await settle(() =>
      context.sessions.revoke({ userId, current, wanted, everywhere }, context.audit),
    );
    const isOver = everywhere || (wanted ?? current) === current;
    if (revokedCount !== null && isOver && readRefreshCookie(context.cookies) !== null)
      clearRefreshCookie(context.cookies);
    return { revokedCount, userErrors };
  },

  passwordChange: async (_parent, { input }, context) => {
    const { clientAddress, audit } = context;
    const userId = await signedInUser(context);
    const who = { userId, current: currentSession(context), clientAddress };
    const { value: revokedCount, userErrors } = await settle(() =>
      context.passwords.change(who, input, audit),
    );
    return { revokedCount, userErrors };
  },
} satisfies Partial<MutationResolvers>;

/** The session that the viewer's token was issued in; another issuer's sessions have ids of any kind. */
const currentSession = ({ identity }: Context): string | undefined =>
  z.uuid().safeParse(identity?.sessionId).data;

/** Runs what signs somebody in, and gives the client a cookie where it asked for one. */
async function signIn<Session extends IssuedSession | null>(
  { cookies, logger }: Context,
  run: () => Promise<Session>,
): Promise<Settled<Session>> {
  try {
    const settled = await settle(run);
    const session = settled.value;
    if (session?.refreshTokenIn === 'COOKIE')
      setRefreshCookie(cookies, session.refreshToken, session.refreshTokenExpiresAt);
    return settled;
  } catch (error) {
    if (!(error instanceof SignInNotConfigured)) throw error;
    logger.error(error.message);
    throw new GraphQLError('Nobody can sign in here at the moment.', {
      extensions: { code: 'SIGN_IN_NOT_CONFIGURED' },
    });
  }
}
