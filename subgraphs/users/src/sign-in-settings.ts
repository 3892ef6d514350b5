import { z } from 'zod';

const count = () => z.coerce.number().int().min(1);

/** Settings of signing in: who issues tokens, how long they are good, and how often somebody may try. */
export const signInSettings = {
  AUTH_ISSUER: z
    .string()
    .default('http://localhost/tributary')
    .describe('Who issues the access tokens, as their `iss` says; the gateway’s must be the same'),
  AUTH_AUDIENCE: z
    .string()
    .default('tributary')
    .describe('Whom the access tokens are for, as their `aud` says; the gateway’s must be the same'),
  ACCESS_TOKEN_SECONDS: count()
    .max(86_400)
    .default(600)
    .describe('Seconds that an access token is good; a session that was ended may go on for as long'),
  SESSION_IDLE_DAYS: count().default(30).describe('Days after which a session ends that is not refreshed'),
  SESSION_MAX_DAYS: count().default(90).describe('Days after which a session ends in any case'),
  SIGN_IN_TRIES_PER_ACCOUNT: count()
    .default(10)
    .describe('Wrong passwords in a row for one account, in a window of time'),
  SIGN_IN_TRIES_PER_ADDRESS: count()
    .default(100)
    .describe('Wrong passwords from one client address (IPv6: from one /64), in a window of time'),
  REGISTRATIONS_PER_ADDRESS: count()
    .default(30)
    .describe('Registrations from one client address (IPv6: from one /64), in a window of time'),
  SIGN_IN_WINDOW_MINUTES: count()
    .default(15)
    .describe('Minutes of a window of time, from its first try on; after it the count starts again'),
};
