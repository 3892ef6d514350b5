import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FrontDoor, openFrontDoor } from './support/front-door.ts';
import { createSession, newcomer, PASSWORD, sessionOf, USER_ERRORS } from './support/sessions.ts';

const PER_ACCOUNT = 10;
const PER_ADDRESS = 20;
const WRONG = 'not the passphrase at all';
const ALIASES = 50;

let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor({ SIGN_IN_TRIES_PER_ADDRESS: String(PER_ADDRESS) });
});
afterAll(() => door?.close());

const tally = (types: string[]) => {
  const counts: Record<string, number> = {};
  for (const type of types) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
};
const tooMany = (n: number) => ({
  InvalidCredentialsError: PER_ACCOUNT,
  TooManyAttemptsError: n - PER_ACCOUNT,
});

/** One operation with many tries. */
const manyAliases = `mutation ($email: String!, $password: String!) {
  ${Array.from(
    { length: ALIASES },
    (_, n) => `try${n}: sessionCreate(input: { email: $email, password: $password }) { ${USER_ERRORS} }`,
  ).join('\n')}
}`;
type Tries = Record<string, { userErrors: { __typename: string }[] }>;

describe('tries of one account', () => {
  it('are limited across the aliases of an operation', async () => {
    const { email } = await newcomer(door);
    const { data } = await door.ask<Tries>(
      manyAliases,
      { email, password: WRONG },
      { address: '198.18.0.1' },
    );
    const types = Object.values(data).flatMap(({ userErrors }) =>
      userErrors.map((error) => error.__typename),
    );
    // Those that the address's limit stopped first are among the others.
    expect(tally(types)).toEqual(tooMany(ALIASES));
  });

  it('are limited across requests at once, addresses and processes', async () => {
    const { email } = await newcomer(door);
    const another = await door.openAnother();
    try {
      const answers = await Promise.all(
        Array.from({ length: ALIASES }, (_, n) =>
          createSession(n % 2 ? door : another, { email, password: WRONG }, { address: `198.18.1.${n}` }),
        ),
      );
      expect(tally(answers.flatMap(({ refused }) => refused))).toEqual(tooMany(ALIASES));
      const [wait] = answers.flatMap(({ userErrors }) =>
        userErrors.flatMap((e) => e.retryAfterSeconds ?? []),
      );
      expect(wait).toBeGreaterThan(14 * 60);
      expect(wait).toBeLessThanOrEqual(15 * 60);
    } finally {
      await another.close();
    }
    // The right password is not looked at either.
    const right = await createSession(door, { email }, { address: '198.18.2.1' });
    expect(right.refused).toEqual(['TooManyAttemptsError']);
  });

  it('count in the same way where there is no account', async () => {
    const email = 'nobody@example.com';
    const answers = await Promise.all(
      Array.from({ length: 15 }, (_, n) =>
        createSession(door, { email, password: WRONG }, { address: `198.18.3.${n}` }),
      ),
    );
    expect(tally(answers.flatMap(({ refused }) => refused))).toEqual(tooMany(15));
  });

  it('are forgotten once the right password comes', async () => {
    const { email } = await newcomer(door);
    for (let round = 0; round < 3; round++) {
      for (let n = 1; n < PER_ACCOUNT; n++) {
        const address = `198.18.4.${round * PER_ACCOUNT + n}`;
        await createSession(door, { email, password: WRONG }, { address });
      }
      sessionOf(await createSession(door, { email }, { address: '198.18.5.1' }));
    }
  });

  it('count again when the window of time is over', async () => {
    const { email } = await newcomer(door);
    for (let n = 0; n < PER_ACCOUNT; n++)
      await createSession(door, { email, password: WRONG }, { address: `198.18.6.${n}` });
    expect((await createSession(door, { email })).refused).toEqual(['TooManyAttemptsError']);
    await door.prisma.attempt.updateMany({ data: { expire: Date.now() - 1 } });
    expect((await createSession(door, { email })).refused).toEqual([]);
  });

  it('include those of a change of the password', async () => {
    const { email, accessToken } = await newcomer(door);
    const { data } = await door.ask<Tries>(
      `mutation ($current: String!, $next: String!) {
        ${Array.from(
          { length: 15 },
          (_, n) =>
            `try${n}: passwordChange(input: { currentPassword: $current, newPassword: $next }) { ${USER_ERRORS} }`,
        ).join('\n')}
      }`,
      { current: WRONG, next: 'another passphrase' },
      { accessToken, address: '198.18.7.1' },
    );
    const types = Object.values(data).flatMap(({ userErrors }) =>
      userErrors.map((error) => error.__typename),
    );
    expect(tally(types)).toEqual(tooMany(15));
    expect((await createSession(door, { email })).refused).toEqual(['TooManyAttemptsError']);
  });
});

describe('tries from one client address', () => {
  it.each([
    ['an IPv4 address', () => '198.18.8.8'],
    ['an IPv6 network of 64 bits', (n: number) => `2001:db8:0:7:${n.toString(16)}::${n}`],
  ])('are limited whatever the account, for %s', async (name, addressOf) => {
    const answers = await Promise.all(
      Array.from({ length: PER_ADDRESS + 10 }, (_, n) =>
        createSession(
          door,
          { email: `${name.replaceAll(' ', '.')}${n}@example.com`, password: WRONG },
          { address: addressOf(n + 1) },
        ),
      ),
    );
    expect(tally(answers.flatMap(({ refused }) => refused))).toEqual({
      InvalidCredentialsError: PER_ADDRESS,
      TooManyAttemptsError: 10,
    });
  });

  it('do not count when the password was right', async () => {
    const { email } = await newcomer(door);
    for (let n = 0; n < PER_ADDRESS + 5; n++) {
      const { refused } = await createSession(door, { email, password: PASSWORD }, { address: '198.18.9.9' });
      expect(refused).toEqual([]);
    }
  });
});
