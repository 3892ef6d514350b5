import { userId } from '../../seed/ids.ts';
import { Random } from '../../seed/random.ts';
import { slugOf, UniqueNames } from '../../seed/text.ts';
import { after, DAY_MS, HOUR_MS, OPENING, TODAY } from '../../seed/time.ts';
import { addressesOf } from './addresses.ts';
import { NAMES } from './names.ts';
import { COUNTRIES, type Country } from './places.ts';
import type { AddressRow, Role, UserRow } from './tables.ts';

/** A user with their addresses; the first one is where their orders go. */
export interface Person {
  user: UserRow;
  addresses: [AddressRow, ...AddressRow[]];
}

/** The numbers of the demo accounts. */
export const DEMO = { customer: 0, staff: 1, admin: 2 } as const;

const DEMO_ACCOUNTS: readonly Pick<UserRow, 'email' | 'displayName' | 'role'>[] = [
  { email: 'customer@example.com', displayName: 'Casey Morgan', role: 'CUSTOMER' },
  { email: 'staff@example.com', displayName: 'Sam Rivera', role: 'STAFF' },
  { email: 'admin@example.com', displayName: 'Alex Chen', role: 'ADMIN' },
];

/** The demo accounts' e-mail addresses: of a customer, of staff and of an administrator. */
export const DEMO_EMAILS: readonly string[] = DEMO_ACCOUNTS.map(({ email }) => email);

/** Reserved for documentation (RFC 2606): nobody gets mail there. */
const MAIL_DOMAINS = ['example.com', 'example.org', 'example.net'] as const;

/** The accounts that exist from the day the shop opened, the demo accounts among them. */
const FIRST_USERS = 8;

const WEIGHTED_COUNTRIES = COUNTRIES.flatMap((country) => Array<Country>(country.weight).fill(country));

/**
 * Makes the users, sorted by the time they registered. The first three are the demo accounts.
 * @param count - how many, at least 3
 */
export function makePeople(count: number): Person[] {
  const logins = new UniqueNames('');
  return Array.from({ length: count }, (_, n) => personOf(n, count, logins));
}

function personOf(n: number, count: number, logins: UniqueNames): Person {
  const random = new Random('person', n);
  const country = random.pick(WEIGHTED_COUNTRIES);
  const createdAt = registeredAt(n, count, random);
  const user: UserRow = {
    id: userId(n),
    ...(DEMO_ACCOUNTS[n] ?? accountOf(n, count, country, random, logins)),
    createdAt,
    updatedAt: random.chance(0.3)
      ? after(createdAt, random.fraction() * (TODAY.getTime() - createdAt.getTime()))
      : createdAt,
  };
  const addresses = addressesOf(n, user, country, random);
  return { user, addresses: addresses as Person['addresses'] };
}

/** Registrations are spread from the opening to yesterday, in the order of the users' numbers. */
function registeredAt(n: number, count: number, random: Random): Date {
  if (n < FIRST_USERS) return after(OPENING, n * HOUR_MS);
  const start = after(OPENING, DAY_MS);
  const span = TODAY.getTime() - DAY_MS - start.getTime();
  return after(start, (span * (n - FIRST_USERS + random.fraction())) / (count - FIRST_USERS));
}

function accountOf(n: number, count: number, country: Country, random: Random, logins: UniqueNames) {
  // One in five lives in a country whose language their name is not from.
  const { language } = random.chance(0.8) ? country : random.pick(COUNTRIES);
  const given = random.pick(NAMES[language].given);
  const family = random.pick(NAMES[language].family);
  const login = logins.claim(`${slugOf(given)}.${slugOf(family)}`);
  return {
    email: `${login}@${random.pick(MAIL_DOMAINS)}`,
    displayName: `${given} ${family}`,
    role: roleOf(n, count),
  };
}

/** One user in 200 works here, and one in 2,000 administers; they were here first. */
function roleOf(n: number, count: number): Role {
  const staff = Math.floor(count / 200);
  const admins = Math.floor(count / 2_000);
  if (n <= DEMO.admin + staff) return 'STAFF';
  return n <= DEMO.admin + staff + admins ? 'ADMIN' : 'CUSTOMER';
}
