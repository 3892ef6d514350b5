import {
  type CurrencyCode,
  notFound,
  type ServiceClient,
  toGlobalId,
  tryFromGlobalId,
  type UserError,
} from '@tributary/subgraph-kit';
import { insufficientStock } from './stock-errors.ts';

/** What a variant is sold for now. */
export interface Offer {
  /** Pieces. */
  available: number;
  onSale: boolean;
}

/** Pieces to be kept for an order. */
export interface WantedLine {
  variantId: string;
  /** Pieces. */
  quantity: number;
}

/** Pieces that are kept, at the price of the moment when they were reserved first. */
export interface ReservedLine extends WantedLine {
  sku: string;
  title: string;
  unitPriceMinor: bigint;
  currency: CurrencyCode;
}

/** What became of a reservation. */
export type Reservation =
  /** @property lines - in the order in which they were asked for */
  | { outcome: 'HELD'; lines: ReservedLine[] }
  /** Nothing is held: something is short, or not on sale. */
  | { outcome: 'REFUSED'; userErrors: [UserError, ...UserError[]] }
  /** It was released before. */
  | { outcome: 'CLOSED' }
  /** The order has a reservation of something else. */
  | { outcome: 'OTHER_LINES' };

/**
 * The stock, which the products subgraph keeps. All commands can be repeated: they are keyed by the order's uuid. All
 * throw a `ServiceError` when there is no answer now.
 */
export interface Inventory {
  /** @returns in the order of the ids, null for those that do not exist */
  offers(variantIds: readonly string[]): Promise<(Offer | null)[]>;
  /**
   * Holds all lines, or none.
   *
   * @param seconds - until they are given back, unless they are confirmed
   */
  reserve(orderId: string, seconds: number, lines: readonly WantedLine[]): Promise<Reservation>;
  /** Takes what is held out of stock for good. @returns false when it is gone, or was given back */
  confirm(orderId: string): Promise<boolean>;
  /** Gives back what was held or taken, and has nothing be reserved for the order any more. */
  release(orderId: string): Promise<void>;
}

const OFFERS = 'query ($ids: [ID!]!) { variantOffers(ids: $ids) { available onSale } }';
const RESERVE = `mutation ($input: InventoryReserveInput!) {
  inventoryReserve(input: $input) {
    lines { sku title quantity unitPrice { minorUnits currency } }
    userErrors {
      __typename
      ... on UserError { message field }
      ... on InsufficientStockError { available variant { id } }
    }
  }
}`;
const CONFIRM = `mutation ($input: InventoryConfirmInput!) {
  inventoryConfirm(input: $input) { status userErrors { __typename } }
}`;
const RELEASE = `mutation ($input: InventoryReleaseInput!) {
  inventoryRelease(input: $input) { status userErrors { __typename } }
}`;

interface ReservePayload {
  lines:
    | {
        sku: string;
        title: string;
        quantity: number;
        unitPrice: { minorUnits: number; currency: CurrencyCode };
      }[]
    | null;
  userErrors: ReserveError[];
}

interface ReserveError {
  __typename: string;
  message: string;
  field: string[] | null;
  available?: number;
  variant?: { id: string } | null;
}

/** @param requestId - of the client's request, for the logs of the other side */
export function createInventory(services: ServiceClient, requestId?: string): Inventory {
  const call = <Data>(query: string, variables: Record<string, unknown>) =>
    services.call<Data>({
      subgraph: 'products',
      query,
      variables,
      ...(requestId !== undefined && { requestId }),
    });
  const globalId = (orderId: string) => toGlobalId('Order', orderId);

  return {
    async offers(variantIds) {
      const ids = variantIds.map((id) => toGlobalId('ProductVariant', id));
      const { variantOffers } = await call<{ variantOffers: (Offer | null)[] | null }>(OFFERS, { ids });
      return variantIds.map((_id, n) => variantOffers?.[n] ?? null);
    },

    async reserve(orderId, expiresInSeconds, lines) {
      const input = {
        orderId: globalId(orderId),
        expiresInSeconds,
        lines: lines.map(({ variantId, quantity }) => ({
          variantId: toGlobalId('ProductVariant', variantId),
          quantity,
        })),
      };
      const { inventoryReserve } = await call<{ inventoryReserve: ReservePayload }>(RESERVE, { input });
      return toReservation(inventoryReserve, lines);
    },

    async confirm(orderId) {
      const { inventoryConfirm } = await call<{ inventoryConfirm: { status: string | null } }>(CONFIRM, {
        input: { orderId: globalId(orderId) },
      });
      return inventoryConfirm.status === 'CONFIRMED';
    },

    async release(orderId) {
      await call(RELEASE, { input: { orderId: globalId(orderId) } });
    },
  };
}

function toReservation(
  { lines: reserved, userErrors }: ReservePayload,
  wanted: readonly WantedLine[],
): Reservation {
  const [first, ...others] = userErrors;
  if (first) {
    if (first.__typename === 'IdempotencyKeyReusedError') return { outcome: 'OTHER_LINES' };
    if (first.field?.[0] === 'orderId') return { outcome: 'CLOSED' };
    return { outcome: 'REFUSED', userErrors: [toUserError(first), ...others.map(toUserError)] };
  }
  if (reserved?.length !== wanted.length) throw new Error('products reserved something else');
  const lines = wanted.flatMap(({ variantId }, n): ReservedLine[] => {
    const line = reserved[n];
    if (!line) return [];
    const { sku, title, quantity, unitPrice } = line;
    const { minorUnits, currency } = unitPrice;
    return [{ variantId, sku, title, quantity, unitPriceMinor: BigInt(minorUnits), currency }];
  });
  return { outcome: 'HELD', lines };
}

/** The error as it is told to the customer, whose input has no such lines. @throws when it is none of theirs */
function toUserError({ __typename, message, available = 0, variant }: ReserveError): UserError {
  if (__typename === 'InsufficientStockError')
    return insufficientStock(variant ? tryFromGlobalId('ProductVariant', variant.id) : null, available);
  if (__typename === 'NotFoundError') return notFound(null, 'Something in the cart is not on sale any more.');
  throw new Error(`products refused to reserve: ${__typename}, ${message}`);
}
