import { addressId } from '../../seed/ids.ts';
import type { Random } from '../../seed/random.ts';
import { after, DAY_MS, later, MINUTE_MS, TODAY } from '../../seed/time.ts';
import { type Country, POSTAL_LETTERS } from './places.ts';
import type { AddressRow, UserRow } from './tables.ts';

/**
 * The addresses of the n-th user, the default shipping address first.
 *
 * Half of the people also have a billing address and some a second place to ship to; the demo customer has one
 * of each kind.
 */
export function addressesOf(n: number, user: UserRow, country: Country, random: Random): AddressRow[] {
  const isDemoCustomer = n === 0;
  const kinds: Pick<AddressRow, 'kind' | 'isDefault'>[] = [{ kind: 'SHIPPING', isDefault: true }];
  if (isDemoCustomer || random.chance(0.5)) kinds.push({ kind: 'BILLING', isDefault: true });
  if (!isDemoCustomer && random.chance(0.2)) kinds.push({ kind: 'SHIPPING', isDefault: false });
  return kinds.map((kind, position) => ({
    id: addressId(n, position),
    userId: user.id,
    ...kind,
    recipient: user.displayName,
    ...placeIn(country, random),
    createdAt: createdAt(user, position, random),
  }));
}

/** The first address is given while registering, the others come later. */
function createdAt(user: UserRow, position: number, random: Random): Date {
  if (position === 0) return after(user.createdAt, random.int(1, 20) * MINUTE_MS);
  const latest = later(after(TODAY, -DAY_MS), user.createdAt);
  return after(
    user.createdAt,
    30 * MINUTE_MS + random.fraction() * (latest.getTime() - user.createdAt.getTime()),
  );
}

function placeIn(country: Country, random: Random) {
  const town = random.pick(country.towns);
  const street = random.pick(country.streets);
  const number = random.int(1, random.chance(0.3) ? 400 : 90);
  return {
    line1: country.numberFirst ? `${number} ${street}` : `${street} ${number}`,
    line2: random.chance(0.25) ? filled(country.unit, random) : null,
    city: town.city,
    region: town.region,
    postalCode: filled(town.postalCode, random),
    countryCode: country.code,
  };
}

/** The pattern with digits for `#` and letters for `@`. */
function filled(pattern: string, random: Random): string {
  return pattern.replace(/[#@]/g, (place) =>
    place === '#' ? String(random.int(1, 9)) : random.pick([...POSTAL_LETTERS]),
  );
}
