import type { SigningKey } from '@tributary/platform';
import type { PrismaClient } from '@tributary/prisma/users/client';
import { type AttemptLimits, createAttempts } from './attempts.ts';
import { createCredentialCheck } from './credential-check.ts';
import { createPasswordService, type PasswordService } from './password.service.ts';
import { createPasswordHasher, type PasswordHasher } from './password-hasher.ts';
import { createRegistrationService, type RegistrationService } from './registration.service.ts';
import { createSessionService, type SessionService } from './session.service.ts';
import { createSessionStore, type SessionLimits } from './session-store.ts';
import { createTokenIssuer } from './tokens.ts';

/** What signing in is set up with, by the names of the settings. */
export interface SignInSettings extends AttemptLimits, SessionLimits {
  AUTH_SIGNING_KEYS: readonly SigningKey[];
  AUTH_ISSUER: string;
  AUTH_AUDIENCE: string;
  ACCESS_TOKEN_SECONDS: number;
}

/** What resolvers ask about registering, signing in and sessions. */
export interface SessionServices {
  registration: RegistrationService;
  sessions: SessionService;
  passwords: PasswordService;
}

/** @param hasher - how passwords are kept, where it is not the usual way */
export function createSessionServices(
  prisma: PrismaClient,
  settings: SignInSettings,
  hasher: PasswordHasher = createPasswordHasher(),
): SessionServices {
  const { AUTH_SIGNING_KEYS, AUTH_ISSUER, AUTH_AUDIENCE, ACCESS_TOKEN_SECONDS } = settings;
  const authority = { issuer: AUTH_ISSUER, audience: AUTH_AUDIENCE };
  const tokens = createTokenIssuer(AUTH_SIGNING_KEYS, authority, ACCESS_TOKEN_SECONDS);
  const attempts = createAttempts(prisma, settings);
  const credentials = createCredentialCheck(prisma, hasher, attempts);
  const store = createSessionStore(settings);
  return {
    registration: createRegistrationService(prisma, { attempts, hasher, store, tokens }),
    sessions: createSessionService(prisma, { credentials, store, tokens }),
    passwords: createPasswordService(prisma, { credentials, hasher }),
  };
}

/** Says at the start what will otherwise be noticed by the first user. */
export function warnOfMissingKeys(
  settings: SignInSettings & { NODE_ENV: string },
  logger: { warn(message: string): void },
): void {
  if (settings.NODE_ENV === 'production' && settings.AUTH_SIGNING_KEYS.length === 0)
    logger.warn('AUTH_SIGNING_KEYS: is empty, so that nobody can sign in here, only at another issuer');
}
