import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { toGlobalId } from '@tributary/subgraph-kit';
import { someViewer } from '@tributary/testing';
import { type Community, openCommunity } from './support/community.ts';
import { addressId, addressRow, customer, userId, userRow } from './support/fixtures.ts';

const LONDON = {
  recipient: ' Ada Lovelace ',
  line1: '12 St James’s Square',
  city: 'London',
  postalCode: 'SW1Y 4JH',
  countryCode: 'gb',
};

interface Payload {
  address: { id: string; isDefault: boolean; kind: string; line2: string | null; city: string } | null;
  deletedId?: string | null;
  userErrors: { __typename: string; code: string; field: string[] | null }[];
}

let community: Community;
beforeAll(async () => {
  community = await openCommunity();
});
afterAll(() => community.close());
beforeEach(async () => {
  await community.prisma.user.deleteMany();
  await community.prisma.user.createMany({ data: [userRow(1), userRow(2)] });
});

const FIELDS = 'address { id kind recipient line1 line2 city region postalCode countryCode isDefault }';
const ERRORS = 'userErrors { __typename ... on UserError { code field } }';
const run = async (mutation: string, selection: string, input: object, viewer = customer(1)) => {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const { data, errors } = await community.ask<Record<string, Payload>>(
    viewer,
    `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${selection} ${ERRORS} } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  return data[mutation] as Payload;
};
const create = (input: object = {}, viewer = customer(1)) =>
  run('addressCreate', FIELDS, { kind: 'SHIPPING', address: LONDON, ...input }, viewer);
const update = (input: object, viewer = customer(1)) => run('addressUpdate', FIELDS, input, viewer);
const remove = (id: string, viewer = customer(1)) => run('addressDelete', 'deletedId', { id }, viewer);
const defaults = async (kind: 'SHIPPING' | 'BILLING' = 'SHIPPING') =>
  (await community.prisma.address.findMany({ where: { kind, isDefault: true } })).map(({ id }) =>
    toGlobalId('Address', id),
  );
const idOf = (payload: Payload) => payload.address?.id ?? '';

describe('addressCreate', () => {
  it('keeps what was given, without blanks around it', async () => {
    expect(await create({ kind: 'BILLING', address: { ...LONDON, line2: ' ' } })).toEqual({
      address: {
        ...LONDON,
        id: expect.any(String),
        kind: 'BILLING',
        recipient: 'Ada Lovelace',
        countryCode: 'GB',
        line2: null,
        region: null,
        isDefault: true,
      },
      userErrors: [],
    });
    const entry = await community.prisma.auditEntry.findFirst({ where: { action: 'address.create' } });
    expect(entry).toMatchObject({ actorId: userId(1), subjectType: 'Address' });
  });

  it.each([
    [{ countryCode: 'XX' }, 'countryCode'],
    [{ countryCode: 'EU' }, 'countryCode'],
    [{ countryCode: 'GBR' }, 'countryCode'],
    [{ recipient: '  ' }, 'recipient'],
    [{ line1: 'x'.repeat(201) }, 'line1'],
    [{ line2: 'x'.repeat(201) }, 'line2'],
    [{ city: 'a\u0007b' }, 'city'],
    [{ postalCode: '1'.repeat(21) }, 'postalCode'],
  ])('refuses %j', async (change, field) => {
    const refused = { __typename: 'ValidationError', code: 'VALIDATION', field: ['address', field] };
    expect(await create({ address: { ...LONDON, ...change } })).toEqual({
      address: null,
      userErrors: [refused],
    });
    expect(await community.prisma.address.count()).toBe(0);
  });

  it('has one default of each kind: the first, until another one is to be it', async () => {
    const first = await create();
    const second = await create();
    const billing = await create({ kind: 'BILLING' });
    expect([first, second, billing].map(({ address }) => address?.isDefault)).toEqual([true, false, true]);
    const third = await create({ isDefault: true });
    expect(await defaults()).toEqual([idOf(third)]);
    expect(await defaults('BILLING')).toEqual([idOf(billing)]);
  });

  it('keeps 50 for a user, and one default, of 60 that come at once', async () => {
    const payloads = await Promise.all(Array.from({ length: 60 }, () => create({ isDefault: true })));
    const refused = payloads.filter(({ address }) => address === null);
    expect(refused).toHaveLength(10);
    for (const { userErrors } of refused) {
      expect(userErrors).toEqual([{ __typename: 'ValidationError', code: 'VALIDATION', field: null }]);
    }
    expect(await community.prisma.address.count()).toBe(50);
    expect(await defaults()).toHaveLength(1);
  });
});

describe('addressUpdate', () => {
  it('changes what is given, and nothing else', async () => {
    const { address } = await create({ address: { ...LONDON, line2: 'Flat 3' } });
    const changed = await update({ id: address?.id, address: { city: 'Bath', region: 'Somerset' } });
    expect(changed).toEqual({ address: { ...address, city: 'Bath', region: 'Somerset' }, userErrors: [] });
    const without = await update({ id: address?.id, address: { line2: null } });
    expect(without.address?.line2).toBeNull();
    expect((await update({ id: address?.id })).address).toEqual(without.address);
  });

  it.each([
    [{ address: { city: null } }, ['address', 'city']],
    [{ address: { recipient: '' } }, ['address', 'recipient']],
    [{ address: { countryCode: 'ZZ' } }, ['address', 'countryCode']],
    [{ isDefault: false }, ['isDefault']],
  ])('refuses %j', async (change, field) => {
    const { address } = await create();
    const refused = await update({ id: address?.id, ...change });
    expect(refused.userErrors).toEqual([{ __typename: 'ValidationError', code: 'VALIDATION', field }]);
    expect((await update({ id: address?.id })).address).toEqual(address);
  });

  it('moves the default, also when all want to be it at once', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 8; n++) ids.push(idOf(await create()));
    await update({ id: ids[3], isDefault: true });
    expect(await defaults()).toEqual([ids[3]]);
    const payloads = await Promise.all(ids.map((id) => update({ id, isDefault: true })));
    expect(payloads.every(({ address }) => address?.isDefault)).toBe(true);
    expect(await defaults()).toHaveLength(1);
  });
});

describe('addressDelete', () => {
  it('deletes, and promotes the oldest of the kind after the default', async () => {
    const [first, second, third] = [await create(), await create(), await create({ isDefault: true })];
    const billing = await create({ kind: 'BILLING' });
    expect(await remove(idOf(third))).toEqual({ deletedId: idOf(third), userErrors: [] });
    expect(await defaults()).toEqual([idOf(first)]);
    expect((await remove(idOf(second))).deletedId).toBe(idOf(second));
    expect((await remove(idOf(first))).deletedId).toBe(idOf(first));
    expect(await defaults()).toEqual([]);
    expect(await defaults('BILLING')).toEqual([idOf(billing)]);
  });

  it('deletes once, when asked twice at once', async () => {
    const { address } = await create();
    const payloads = await Promise.all([remove(address?.id ?? ''), remove(address?.id ?? '')]);
    expect(payloads.map(({ deletedId }) => deletedId).filter(Boolean)).toEqual([address?.id]);
  });
});

describe('what is not the viewer’s', () => {
  it.each([
    ['another’s', toGlobalId('Address', addressId(1)), customer(2)],
    ['another’s, for staff', toGlobalId('Address', addressId(1)), someViewer('ADMIN')],
    ['nobody’s', toGlobalId('Address', addressId(9)), customer(1)],
    ['of another type', toGlobalId('User', userId(1)), customer(1)],
    ['malformed', 'x', customer(1)],
  ])('is not there: %s', async (_case, id, viewer) => {
    await community.prisma.address.create({ data: addressRow(1, { isDefault: true }) });
    const missing = [{ __typename: 'NotFoundError', code: 'NOT_FOUND', field: ['id'] }];
    expect(await update({ id, isDefault: true }, viewer)).toEqual({ address: null, userErrors: missing });
    expect(await remove(id, viewer)).toEqual({ deletedId: null, userErrors: missing });
    expect(await community.prisma.address.findUnique({ where: { id: addressId(1) } })).toEqual(
      addressRow(1, { isDefault: true }),
    );
  });

  it('takes a viewer', async () => {
    const { data, errors } = await community.ask(
      null,
      `mutation { addressDelete(input: { id: "x" }) { deletedId } }`,
    );
    expect(data).toEqual({ addressDelete: null });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['UNAUTHENTICATED']);
  });
});
