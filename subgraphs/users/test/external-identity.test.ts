import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCallerSigner, IDENTITY_HEADER } from '@tributary/platform';
import { graphql, TEST_SECRET } from '@tributary/testing';
import { type Community, openCommunity } from './support/community.ts';
import { userId, userRow } from './support/fixtures.ts';

const sign = createCallerSigner(TEST_SECRET);

let community: Community;
beforeAll(async () => {
  community = await openCommunity();
  await community.prisma.user.create({ data: userRow(1) });
});
afterAll(() => community.close());

/** Asks as somebody whom another issuer signed in. */
const ask = async (
  claims: { subject: string; email?: string; name?: string; sessionId?: string },
  query: string,
) => {
  const caller = { identity: { scopes: ['openid'], ...claims }, service: null, clientAddress: null };
  const headers = { [IDENTITY_HEADER]: await sign(caller) };
  return graphql<Record<string, unknown>>(community.subgraph.url, { query, headers });
};
const VIEWER = '{ viewer { email displayName role addresses { edges { node { city } } } } }';

describe('somebody whom another issuer signed in', () => {
  it('has an account from the first sight on, with what the issuer says', async () => {
    const claims = { subject: randomUUID(), email: 'Grace@Example.com', name: ' Grace ', sessionId: 'x' };
    const expected = {
      viewer: {
        email: 'grace@example.com',
        displayName: 'Grace',
        role: 'CUSTOMER',
        addresses: { edges: [] },
      },
    };
    expect((await ask(claims, VIEWER)).data).toEqual(expected);
    // What they say later changes nothing.
    expect((await ask({ ...claims, name: 'Other' }, VIEWER)).data).toEqual(expected);
  });

  it('has an account without the e-mail address that another one has', async () => {
    const { data } = await ask({ subject: randomUUID(), email: 'user1@example.com' }, VIEWER);
    expect(data).toEqual({
      viewer: { email: null, displayName: 'Customer', role: 'CUSTOMER', addresses: { edges: [] } },
    });
    expect(await community.prisma.user.findUnique({ where: { id: userId(1) } })).toEqual(userRow(1));
  });

  it.each(['', 'no address', `${'x'.repeat(250)}@example.com`, 'a\u0001@example.com'])(
    'has an account without an e-mail address that is none: %j',
    async (email) => {
      const { data } = await ask({ subject: randomUUID(), email, name: 'x'.repeat(201) }, VIEWER);
      expect(data).toMatchObject({ viewer: { email: null, displayName: 'Customer' } });
    },
  );

  it('has one account, however many requests come first', async () => {
    const [subject, email] = [randomUUID(), 'once@example.com'];
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask({ subject, email }, VIEWER)));
    for (const { data } of answers) expect(data).toMatchObject({ viewer: { email } });
  });

  it('shares an e-mail address with nobody, of those who come with it at once', async () => {
    const email = 'shared@example.com';
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => ask({ subject: randomUUID(), email }, '{ viewer { email } }')),
    );
    const emails = answers.map(({ data }) => (data.viewer as { email: string | null }).email);
    expect(emails.filter(Boolean)).toEqual([email]);
    expect(emails).toHaveLength(8);
  });

  it('can do as anybody else, from the first request on', async () => {
    const { data } = await ask(
      { subject: randomUUID() },
      `mutation {
        userUpdate(input: { displayName: "Ann" }) { user { displayName } userErrors { __typename } }
        addressCreate(input: { kind: SHIPPING, address: {
          recipient: "Ann", line1: "Street 1", city: "Ghent", postalCode: "9000", countryCode: "BE"
        } }) { address { isDefault } userErrors { __typename } }
      }`,
    );
    expect(data).toEqual({
      userUpdate: { user: { displayName: 'Ann' }, userErrors: [] },
      addressCreate: { address: { isDefault: true }, userErrors: [] },
    });
  });

  it('is nobody any more once they were erased, with whatever token', async () => {
    const subject = randomUUID();
    const erased = await ask({ subject }, 'mutation { viewerErase(input: { confirm: true }) { erased } }');
    expect(erased.data).toEqual({ viewerErase: { erased: true } });
    const again = await ask({ subject, email: 'back@example.com', name: 'Back' }, VIEWER);
    expect(again.data).toEqual({ viewer: null });
    const row = await community.prisma.user.findUnique({ where: { id: subject } });
    expect(row).toMatchObject({ email: null, displayName: 'Erased user', erasedAt: expect.any(Date) });
    const { data, errors } = await ask(
      { subject },
      `mutation {
        userUpdate(input: { displayName: "Back" }) { user { id } }
        viewerDataExport { dataExport { id } }
        viewerErase(input: { confirm: true }) { erased }
      }`,
    );
    expect(data).toEqual({ userUpdate: null, viewerDataExport: null, viewerErase: { erased: true } });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
  });
});
