import { randomUUID } from 'node:crypto';
import { fromGlobalId, toGlobalId } from '@tributary/subgraph-kit';
import { addProduct, type NewProduct } from './rows.ts';
import type { RunningProducts } from './running-products.ts';

/** A failure as a payload tells it. */
export interface ToldError {
  __typename: string;
  code: string;
  message: string;
  field: string[] | null;
  available?: number;
  variant?: { id: string } | null;
}

export interface ReserveAnswer {
  lines:
    | {
        variant: { id: string } | null;
        sku: string;
        title: string;
        quantity: number;
        unitPrice: { minorUnits: number; currency: string };
      }[]
    | null;
  expiresAt: string | null;
  userErrors: ToldError[];
}

export interface StatusAnswer {
  status: string | null;
  userErrors: ToldError[];
}

/** Pieces of a variant. */
export interface LineInput {
  variantId: string;
  quantity: number;
}

const ERROR = '__typename ... on UserError { code message field }';
const SHORT = '... on InsufficientStockError { available variant { id } }';

const COMMANDS = {
  inventoryReserve: `mutation ($input: InventoryReserveInput!) {
    inventoryReserve(input: $input) {
      lines { variant { id } sku title quantity unitPrice { minorUnits currency } }
      expiresAt
      userErrors { ${ERROR} ${SHORT} }
    }
  }`,
  inventoryConfirm: `mutation ($input: InventoryConfirmInput!) {
    inventoryConfirm(input: $input) { status userErrors { ${ERROR} ${SHORT} } }
  }`,
  inventoryRelease: `mutation ($input: InventoryReleaseInput!) {
    inventoryRelease(input: $input) { status userErrors { ${ERROR} } }
  }`,
};

/** Global id of an order that nobody has heard of. */
export const newOrder = (): string => toGlobalId('Order', randomUUID());

/** What the orders subgraph does with the stock of running products, and what is then in the tables. */
export function openWarehouse({ internal, prisma }: RunningProducts) {
  const command = async <Answer>(name: keyof typeof COMMANDS, input: object): Promise<Answer> => {
    const data = await internal<Record<string, Answer>>(COMMANDS[name], { input });
    return data[name] as Answer;
  };
  return {
    reserve: (orderId: string, lines: readonly LineInput[], expiresInSeconds = 120) =>
      command<ReserveAnswer>('inventoryReserve', { orderId, lines, expiresInSeconds }),
    confirm: (orderId: string) => command<StatusAnswer>('inventoryConfirm', { orderId }),
    release: (orderId: string) => command<StatusAnswer>('inventoryRelease', { orderId }),

    /** Puts a product on sale with one variant of so many pieces. @returns the variant's global id */
    async stock(onHand: number, product: Partial<NewProduct> = {}): Promise<string> {
      const { variantIds } = await addProduct(prisma, {
        title: 'Lamp',
        variants: [{ price: 1_000, onHand }],
        ...product,
      });
      return variantIds[0] ?? '';
    },

    /** What is in the warehouse. */
    async stockOf(variantId: string): Promise<{ onHand: number; reserved: number } | null> {
      const where = { variantId: fromGlobalId('ProductVariant', variantId, 'variantId') };
      return prisma.inventory.findUnique({ where, select: { onHand: true, reserved: true } });
    },

    async statusOf(orderId: string): Promise<string | null> {
      const where = { orderId: fromGlobalId('Order', orderId, 'orderId') };
      return (await prisma.reservation.findUnique({ where }))?.status ?? null;
    },

    /** Lets the time of a reservation pass. */
    makeDue: (orderId: string): Promise<number> =>
      prisma.$executeRaw`
        UPDATE reservations SET expires_at = now() - interval '1 second'
        WHERE order_id = ${fromGlobalId('Order', orderId, 'orderId')}::uuid AND status = 'HELD'`,

    /** Gives back what is past its time. @returns of how many orders */
    async expire(limit = 100): Promise<number> {
      const [row] = await prisma.$queryRaw<
        { count: number }[]
      >`SELECT inventory_expire(${limit}::integer) AS count`;
      return row?.count ?? 0;
    },

    /** Pieces of a variant in the reservations with a status. */
    async piecesIn(variantId: string, status: string): Promise<number> {
      const [row] = await prisma.$queryRaw<{ pieces: number }[]>`
        SELECT coalesce(sum(l.quantity), 0)::integer AS pieces
        FROM reservation_lines l JOIN reservations r ON r.order_id = l.order_id
        WHERE l.variant_id = ${fromGlobalId('ProductVariant', variantId, 'variantId')}::uuid
          AND r.status = ${status}::text::"ReservationStatus"`;
      return row?.pieces ?? 0;
    },
  };
}

export type Warehouse = ReturnType<typeof openWarehouse>;
