import type { FrontDoor, Visitor } from './front-door.ts';

export interface SessionData {
  accessToken: string;
  accessTokenExpiresAt: string;
  refreshToken: string | null;
  refreshTokenExpiresAt: string;
  user: { id: string; displayName: string };
}

export interface UserErrorData {
  __typename: string;
  code: string;
  message: string;
  field: string[] | null;
  retryAfterSeconds?: number;
}

/** What came of a mutation that signs in. */
export interface SignedIn {
  session: SessionData | null;
  /** Types of the user errors. */
  refused: string[];
  userErrors: UserErrorData[];
  /** The header `set-cookie`. */
  setCookie: string | null;
}

export const USER_ERRORS = `userErrors {
  __typename
  ... on UserError { code message field }
  ... on TooManyAttemptsError { retryAfterSeconds }
}`;
/** Without the refusals that not every mutation has. */
export const PLAIN_ERRORS = 'userErrors { __typename ... on UserError { code message field } }';
const SESSION =
  'session { accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt user { id displayName } }';

export const PASSWORD = 'a long enough passphrase';

type Input = Record<string, unknown>;

async function signIn(door: FrontDoor, mutation: string, type: string, input: Input, visitor?: Visitor) {
  const errors = mutation === 'sessionRefresh' ? PLAIN_ERRORS : USER_ERRORS;
  const query = `mutation ($input: ${type}!) { result: ${mutation}(input: $input) { ${SESSION} ${errors} } }`;
  const { data, errors: faults, headers } = await door.ask<{ result: SignedIn }>(query, { input }, visitor);
  if (faults) throw new Error(JSON.stringify(faults));
  const { session, userErrors } = data.result;
  const refused = userErrors.map(({ __typename }) => __typename);
  return { session, userErrors, refused, setCookie: headers.get('set-cookie') };
}

export const register = (door: FrontDoor, input: Input, visitor?: Visitor): Promise<SignedIn> =>
  signIn(
    door,
    'userRegister',
    'UserRegisterInput',
    { password: PASSWORD, displayName: 'Ada', ...input },
    visitor,
  );

export const createSession = (door: FrontDoor, input: Input, visitor?: Visitor): Promise<SignedIn> =>
  signIn(door, 'sessionCreate', 'SessionCreateInput', { password: PASSWORD, ...input }, visitor);

export const refresh = (door: FrontDoor, refreshToken: string | null, visitor?: Visitor): Promise<SignedIn> =>
  signIn(door, 'sessionRefresh', 'SessionRefreshInput', { refreshToken }, visitor);

/** The session, or what stood in its way. */
export function sessionOf({ session, userErrors }: SignedIn): SessionData & { refreshToken: string } {
  if (!session) throw new Error(`nobody was signed in: ${JSON.stringify(userErrors)}`);
  return { ...session, refreshToken: session.refreshToken ?? '' };
}

let registered = 0;

/** Registers somebody new. */
export async function newcomer(door: FrontDoor, input: Input = {}) {
  registered += 1;
  const email = `newcomer${registered}@example.com`;
  const address = `198.51.100.${registered % 250}`;
  const signedIn = await register(door, { email, ...input }, { address });
  return { email, ...sessionOf(signedIn), setCookie: signedIn.setCookie };
}

/** The actions in the audit log on a user, the oldest first. */
export async function auditOf(door: FrontDoor, email: string): Promise<string[]> {
  const user = await door.prisma.user.findUniqueOrThrow({ where: { email } });
  const entries = await door.prisma.auditEntry.findMany({
    where: { subjectId: user.id },
    orderBy: { at: 'asc' },
  });
  return entries.map(({ action }) => action);
}
