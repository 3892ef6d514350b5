import { describe, expect, it } from '@jest/globals';
import { addressId, userId } from '../seed/ids.ts';
import { TODAY } from '../seed/time.ts';
import { usersDataset } from '../users/seed/dataset.ts';
import { DEMO, makePeople } from '../users/seed/people.ts';
import { COUNTRIES } from '../users/seed/places.ts';

describe('the people', () => {
  const people = makePeople(2_000);
  const users = people.map((person) => person.user);
  const addresses = people.flatMap((person) => person.addresses);

  it('begin with the three demo accounts', () => {
    expect(users.slice(0, 3).map(({ id, email, role }) => ({ id, email, role }))).toEqual([
      { id: userId(0), email: 'customer@example.com', role: 'CUSTOMER' },
      { id: userId(1), email: 'staff@example.com', role: 'STAFF' },
      { id: userId(2), email: 'admin@example.com', role: 'ADMIN' },
    ]);
    expect(people[0]?.addresses.map(({ id, kind, isDefault }) => ({ id, kind, isDefault }))).toEqual([
      { id: addressId(0, 0), kind: 'SHIPPING', isDefault: true },
      { id: addressId(0, 1), kind: 'BILLING', isDefault: true },
    ]);
  });

  it.each([
    ['the demo accounts can', true, [DEMO.customer, DEMO.staff, DEMO.admin].map(userId)],
    ['nobody can in production', false, []],
  ])('sign in with a password: %s', (_case, demoPasswords, expected) => {
    const inserts = [...usersDataset(people, demoPasswords).batches()].flatMap((batch) => batch.inserts);
    const credentials = inserts.filter(({ table }) => table === 'credentials');
    expect(credentials.flatMap(({ values }) => values[0])).toEqual(expected);
    expect(JSON.stringify(inserts).includes('$argon2id$')).toBe(demoPasswords);
  });

  it('have an e-mail address of their own, at a domain where nobody gets mail', () => {
    expect(new Set(users.map(({ email }) => email)).size).toBe(users.length);
    for (const { email } of users) expect(email).toMatch(/^[a-z0-9.-]+@example\.(com|org|net)$/);
  });

  it('are mostly customers', () => {
    const count = (role: string) => users.filter((user) => user.role === role).length;
    expect([count('CUSTOMER'), count('STAFF'), count('ADMIN')]).toEqual([1_987, 11, 2]);
  });

  it('live in towns of their country', () => {
    for (const address of addresses) {
      const country = COUNTRIES.find(({ code }) => code === address.countryCode);
      const town = country?.towns.find(({ city }) => city === address.city);
      expect(town?.region).toBe(address.region);
      const pattern = town?.postalCode.replaceAll('#', '\\d').replaceAll('@', '[A-Z]') ?? '$.';
      expect(address.postalCode).toMatch(new RegExp(`^${pattern}$`));
    }
    expect(new Set(addresses.map(({ countryCode }) => countryCode)).size).toBe(COUNTRIES.length);
  });

  it('have at most one default address of a kind, and a default one to ship to first', () => {
    for (const person of people) {
      const defaults = person.addresses.filter(({ isDefault }) => isDefault).map(({ kind }) => kind);
      expect(new Set(defaults).size).toBe(defaults.length);
      expect(person.addresses[0]).toMatchObject({
        kind: 'SHIPPING',
        isDefault: true,
        userId: person.user.id,
      });
    }
  });

  it('registered one after the other, before today, and before they gave an address', () => {
    const times = users.map((user) => user.createdAt.getTime());
    expect(times).toEqual([...times].sort((a, b) => a - b));
    for (const { user, addresses } of people) {
      expect(user.updatedAt >= user.createdAt && user.updatedAt <= TODAY).toBe(true);
      for (const { createdAt } of addresses)
        expect(createdAt >= user.createdAt && createdAt <= TODAY).toBe(true);
    }
  });
});
