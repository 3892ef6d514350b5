import type { Address, Prisma, PrismaClient } from '@tributary/prisma/users/client';
import {
  type AuditTrail,
  checkInput,
  type Eviction,
  type Evictions,
  notFound,
  Refusal,
  validationError,
} from '@tributary/subgraph-kit';
import { addressCreateInput, addressUpdateInput } from './address-input.ts';
import { lockUser } from './user-lock.ts';

/**
 * Changes a user's own addresses. There are 50 at most, and of each kind that there is, one is the default. Each
 * change locks the user, so that this holds whatever happens at the same time.
 */
export interface AddressService {
  /**
   * Adds an address; the first of its kind becomes the default.
   *
   * @throws Refusal for an input that is no address, or one too many
   */
  create(userId: string, input: unknown, audit: AuditTrail): Promise<Address>;
  /**
   * Changes an address.
   *
   * @param addressId - uuid; null when the client's id is none
   * @throws Refusal when the user has no such address, or the input is no change
   */
  update(userId: string, addressId: string | null, input: unknown, audit: AuditTrail): Promise<Address>;
  /**
   * Deletes an address; when it was the default, the oldest of its kind becomes it.
   *
   * @param addressId - uuid; null when the client's id is none
   * @throws Refusal when the user has no such address
   */
  delete(userId: string, addressId: string | null, audit: AuditTrail): Promise<void>;
}

const MAX_ADDRESSES = 50; // for each user

export function createAddressService(prisma: PrismaClient, evictions: Evictions): AddressService {
  return {
    async create(userId, input, audit) {
      const { kind, address, isDefault } = checkInput(addressCreateInput, input);
      return prisma.$transaction(async (tx) => {
        await lockUser(tx, userId);
        const others = await tx.address.findMany({ where: { userId }, select: { kind: true } });
        if (others.length >= MAX_ADDRESSES)
          throw new Refusal(validationError(null, `${MAX_ADDRESSES} addresses are kept at most.`));
        const becomesDefault = isDefault || !others.some((other) => other.kind === kind);
        const former = becomesDefault ? await dropDefault(tx, { userId, kind }) : [];
        const created = await tx.address.create({
          data: { ...address, userId, kind, isDefault: becomesDefault },
        });
        await audit.record(tx, event('create', created.id));
        await evictions.add(tx, evictionOf(userId, former));
        return created;
      });
    },

    async update(userId, addressId, input, audit) {
      const { address: changes, isDefault } = checkInput(addressUpdateInput, input);
      return prisma.$transaction(async (tx) => {
        const before = await ownAddress(tx, userId, addressId);
        if (before.isDefault && isDefault === false)
          throw new Refusal(validationError(['isDefault'], 'Make another address the default instead.'));
        const former = isDefault && !before.isDefault ? await dropDefault(tx, before) : [];
        const data = { ...defined(changes), ...(isDefault && { isDefault }) };
        if (Object.keys(data).length === 0) return before;
        const updated = await tx.address.update({ where: { id: before.id }, data });
        await audit.record(tx, event('update', before.id));
        await evictions.add(tx, evictionOf(userId, [before.id, ...former]));
        return updated;
      });
    },

    async delete(userId, addressId, audit) {
      await prisma.$transaction(async (tx) => {
        const { id, kind, isDefault } = await ownAddress(tx, userId, addressId);
        await tx.address.delete({ where: { id } });
        const promoted = isDefault ? await promoteOldest(tx, userId, kind) : null;
        await audit.record(tx, event('delete', id));
        await evictions.add(tx, evictionOf(userId, [id, promoted]));
      });
    },
  };
}

/** The user's address, with the user locked. @throws Refusal when the user has no such address */
async function ownAddress(
  tx: Prisma.TransactionClient,
  userId: string,
  addressId: string | null,
): Promise<Address> {
  await lockUser(tx, userId);
  const address = addressId && (await tx.address.findFirst({ where: { id: addressId, userId } }));
  if (!address) throw new Refusal(notFound(['id']));
  return address;
}

/** What shows a user's addresses. @param changed - uuids of those that are not new */
const evictionOf = (userId: string, changed: readonly (string | null)[]): Eviction => ({
  entities: { User: [userId], Address: changed },
});

/** @returns uuids of what were defaults */
async function dropDefault(
  tx: Prisma.TransactionClient,
  { userId, kind }: Pick<Address, 'userId' | 'kind'>,
): Promise<string[]> {
  const dropped = await tx.address.updateManyAndReturn({
    where: { userId, kind, isDefault: true },
    data: { isDefault: false },
    select: { id: true },
  });
  return dropped.map(({ id }) => id);
}

/** @returns uuid of the new default; null where there is none left */
async function promoteOldest(
  tx: Prisma.TransactionClient,
  userId: string,
  kind: Address['kind'],
): Promise<string | null> {
  const oldest = await tx.address.findFirst({
    where: { userId, kind },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: { id: true },
  });
  if (!oldest) return null;
  await tx.address.update({ where: { id: oldest.id }, data: { isDefault: true } });
  return oldest.id;
}

/** Without the fields that nothing was said about. */
const defined = <Fields extends object>(fields: Fields): Defined<Fields> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<Fields>;

type Defined<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

const event = (verb: string, subjectId: string) => ({
  action: `address.${verb}`,
  subjectType: 'Address',
  subjectId,
});
