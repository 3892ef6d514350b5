import { DEMO_EMAILS, type Person } from './people.ts';
import type { CredentialRow } from './tables.ts';

/** The demo accounts' password. Everybody knows it: it is for development only. */
export const DEMO_PASSWORD = 'tributary-demo';

/** `DEMO_PASSWORD` as the users subgraph keeps it; made beforehand, so that the same rows come out each time. */
const DEMO_PASSWORD_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$qf6QrUSttCM3/c9qzM4kjg$szVtO7I+QCtoV6MX25Gg54nYvQSBZpQy1KFRKxZW4PY';

/** How the demo accounts among these people sign in; the others have no password. */
export const demoCredentials = (people: readonly Person[]): CredentialRow[] =>
  people
    .filter(({ user }) => DEMO_EMAILS.includes(user.email))
    .map(({ user }) => ({ userId: user.id, passwordHash: DEMO_PASSWORD_HASH, changedAt: user.createdAt }));
