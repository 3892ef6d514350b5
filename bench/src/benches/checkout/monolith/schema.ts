import type { PrismaClient } from '@tributary/prisma/orders/client';
import { buildSchema, type RequestContext, settle, tryFromGlobalId } from '@tributary/subgraph-kit';
import { parse } from 'graphql';
import type { OrderPlaceRequest } from './order.ts';
import { placeOrder } from './place-order.ts';

/** What the resolver works with. */
export interface Context extends RequestContext {
  prisma: PrismaClient;
}

/** As much of the graph's schema as placing an order needs. */
const TYPE_DEFS = parse(`
  type Query { ok: Boolean }
  type Mutation { orderPlace(input: OrderPlaceInput!): OrderPlacePayload }
  input OrderPlaceInput { idempotencyKey: String! shippingAddressId: ID! expectedTotal: MoneyInput! }
  input MoneyInput { minorUnits: Int! currency: String! }
  type OrderPlacePayload { order: Order userErrors: [UserError!]! }
  type Order { id: ID! number: String! status: String! total: Money! }
  type Money { minorUnits: Int! currency: String! }
  type UserError { code: String! message: String! field: [String!] }
`);

interface Input extends Omit<OrderPlaceRequest, 'addressId'> {
  shippingAddressId: string;
}

const resolvers = {
  Mutation: {
    async orderPlace(
      _parent: unknown,
      { input: { shippingAddressId, ...input } }: { input: Input },
      { prisma, viewer, audit }: Context,
    ) {
      if (!viewer) throw new Error('nobody is signed in');
      const addressId = tryFromGlobalId('Address', shippingAddressId);
      const { value: order, userErrors } = await settle(() =>
        placeOrder(prisma, { userId: viewer.userId, audit }, { ...input, addressId }),
      );
      return { order, userErrors };
    },
  },
};

/** The server's schema, executable. */
export const createSchema = () => buildSchema(TYPE_DEFS, resolvers);
