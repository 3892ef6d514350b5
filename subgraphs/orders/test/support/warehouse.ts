import {
  type CurrencyCode,
  money,
  notFound,
  toGlobalId,
  tryFromGlobalId,
  type UserError,
  userError,
} from '@tributary/subgraph-kit';
import { type StandIn, startStandIn } from './stand-in.ts';

/** What is sold of a variant. */
export interface Article {
  priceMinor: number;
  currency: CurrencyCode;
  /** Pieces in the warehouse. */
  onHand: number;
  onSale: boolean;
}

type Status = 'HELD' | 'CONFIRMED' | 'RELEASED' | 'EXPIRED';

interface Kept {
  status: Status;
  lines: { variantId: string; quantity: number; unitPriceMinor: number; currency: CurrencyCode }[];
}

/** Stands for the products subgraph: its stock. */
export interface Warehouse extends StandIn {
  /** By the variant's uuid. */
  articles: Map<string, Article>;
  /** By the order's uuid. */
  reservations: Map<string, Kept>;
  /** Puts an article in: 3.50 €, 1,000 pieces, on sale, unless said otherwise. */
  stock(variantId: string, changes?: Partial<Article>): void;
  /** Pieces of a variant that nobody has or holds. */
  free(variantId: string): number;
  /** Pieces of a variant that orders hold, or have taken. */
  kept(variantId: string, status: 'HELD' | 'CONFIRMED'): number;
  /** Has the time of an order's reservation pass. */
  expire(orderId: string): void;
}

interface ReserveInput {
  orderId: string;
  lines: { variantId: string; quantity: number }[];
}

export async function startWarehouse(): Promise<Warehouse> {
  const articles = new Map<string, Article>();
  const reservations = new Map<string, Kept>();
  const kept = (variantId: string, status: Status) =>
    [...reservations.values()]
      .filter((reservation) => reservation.status === status)
      .flatMap(({ lines }) => lines)
      .filter((line) => line.variantId === variantId)
      .reduce((sum, { quantity }) => sum + quantity, 0);
  const free = (variantId: string) =>
    (articles.get(variantId)?.onHand ?? 0) - kept(variantId, 'HELD') - kept(variantId, 'CONFIRMED');
  const errorsOf = (lines: readonly { variantId: string; quantity: number }[]): UserError[] =>
    lines.flatMap(({ variantId, quantity }, n) => {
      const field = ['lines', String(n), 'variantId'];
      if (!articles.get(variantId)?.onSale) return [notFound(field, 'This is not on sale.')];
      const available = free(variantId);
      if (available >= quantity) return [];
      const variant = { id: toGlobalId('ProductVariant', variantId) };
      return [
        userError('InsufficientStockError', 'INSUFFICIENT_STOCK', 'too few', field, { variant, available }),
      ];
    });
  const orderOf = (input: { orderId: string }) => tryFromGlobalId('Order', input.orderId) ?? '';

  function reserve(input: ReserveInput) {
    const orderId = orderOf(input);
    const lines = input.lines.map(({ variantId: id, quantity }) => {
      const variantId = tryFromGlobalId('ProductVariant', id) ?? '';
      const { priceMinor = 0, currency = 'EUR' } = articles.get(variantId) ?? {};
      return { variantId, quantity, unitPriceMinor: priceMinor, currency };
    });
    const wanted = ({ lines: of }: Pick<Kept, 'lines'>) =>
      of.map((line) => `${line.variantId} ${line.quantity}`).sort();
    const before = reservations.get(orderId);
    if (before?.status === 'RELEASED') return { userErrors: [notFound(['orderId'])] };
    if (before && JSON.stringify(wanted(before)) !== JSON.stringify(wanted({ lines })))
      return {
        userErrors: [userError('IdempotencyKeyReusedError', 'IDEMPOTENCY_KEY_REUSED', 'other lines')],
      };
    if (!before || before.status === 'EXPIRED') {
      const userErrors = errorsOf(lines);
      if (userErrors.length > 0) return { userErrors };
      reservations.set(orderId, { status: 'HELD', lines: before?.lines ?? lines });
    }
    const inOrder = lines.flatMap(({ variantId }) =>
      (reservations.get(orderId) as Kept).lines.filter((line) => line.variantId === variantId),
    );
    return {
      lines: inOrder.map((line) => ({
        sku: `SKU-${line.variantId.slice(-2)}`,
        title: `Thing ${line.variantId.slice(-2)}`,
        quantity: line.quantity,
        unitPrice: money(line.unitPriceMinor, line.currency),
      })),
      userErrors: [],
    };
  }

  function confirm(input: { orderId: string }) {
    const reservation = reservations.get(orderOf(input));
    if (!reservation || reservation.status === 'RELEASED') return { userErrors: [notFound(['orderId'])] };
    const userErrors = reservation.status === 'EXPIRED' ? errorsOf(reservation.lines) : [];
    if (userErrors.length > 0) return { userErrors };
    reservation.status = 'CONFIRMED';
    return { status: 'CONFIRMED', userErrors: [] };
  }

  function release(input: { orderId: string }) {
    const orderId = orderOf(input);
    const { lines = [] } = reservations.get(orderId) ?? {};
    reservations.set(orderId, { status: 'RELEASED', lines });
    return { status: 'RELEASED', userErrors: [] };
  }

  const standIn = await startStandIn('products', {
    Query: {
      variantOffers: (_parent: unknown, { ids }: { ids: string[] }) =>
        ids.map((id) => {
          const variantId = tryFromGlobalId('ProductVariant', id) ?? '';
          const article = articles.get(variantId);
          return article ? { available: free(variantId), onSale: article.onSale } : null;
        }),
    },
    Mutation: {
      inventoryReserve: (_parent: unknown, { input }: { input: ReserveInput }) => reserve(input),
      inventoryConfirm: (_parent: unknown, { input }: { input: { orderId: string } }) => confirm(input),
      inventoryRelease: (_parent: unknown, { input }: { input: { orderId: string } }) => release(input),
    },
  });
  return Object.assign(standIn, {
    articles,
    reservations,
    stock: (variantId: string, changes: Partial<Article> = {}) =>
      void articles.set(variantId, {
        priceMinor: 350,
        currency: 'EUR',
        onHand: 1_000,
        onSale: true,
        ...changes,
      }),
    free,
    kept,
    expire(orderId: string) {
      const reservation = reservations.get(orderId);
      if (reservation?.status === 'HELD') reservation.status = 'EXPIRED';
    },
  });
}
