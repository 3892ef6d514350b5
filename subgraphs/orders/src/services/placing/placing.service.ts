import type { Logger } from '@tributary/platform';
import type { Order, PrismaClient } from '@tributary/prisma/orders/client';
import {
  type AuditTrail,
  type Evictions,
  Refusal,
  type ServiceClient,
  ServiceError,
  userError,
  type Viewer,
} from '@tributary/subgraph-kit';
import pLimit from 'p-limit';
import { createInventory } from '../inventory.ts';
import { type CartContents, readCart } from './cart-contents.ts';
import type { Checkpoint } from './checkpoint.ts';
import { commitOrder } from './commit-order.ts';
import { hashOfRequest, type PlaceOrderRequest } from './place-order-request.ts';
import { createPlacements } from './placements.ts';
import { readAddress } from './shipping-address.ts';
import { totalOf } from './total-of.ts';

/** On whose request an order is placed. */
export interface PlacingSource {
  viewer: Viewer;
  audit: AuditTrail;
  requestId: string;
}

/** Turns carts into orders. */
export interface PlacingService {
  /**
   * Places an order, once for each key of a user, whoever tries it how often at the same time, and wherever a process
   * dies: each step can be repeated, and none holds a lock or a transaction while another service is asked.
   *
   * @returns the order, which may have been placed before
   * @throws Refusal with what the customer could act on; nothing is ordered, and nothing stays reserved
   * @throws ServiceError when another service does not answer; ask again with the same key
   */
  place(source: PlacingSource, request: PlaceOrderRequest): Promise<Order>;
}

export interface PlacingOptions {
  prisma: PrismaClient;
  /** The other subgraphs. */
  services: ServiceClient;
  evictions: Evictions;
  logger: Logger;
  checkpoint: Checkpoint;
}

/** How long products keeps the stock for an order that is being placed. */
const HOLD_SECONDS = 120;

/** How often a try is begun anew that others gave up. */
const ROUNDS = 5;

/**
 * How many orders a process places at once. In a rush the others wait here, where no deadline runs, instead of in the
 * queues of users, products and the database, which have one.
 */
const AT_ONCE = 16;

/** Milliseconds to wait for that; who asked is gone by then. */
const PATIENCE = 10_000;

export function createPlacingService(options: PlacingOptions): PlacingService {
  const { prisma, services, evictions, logger, checkpoint } = options;
  const placements = createPlacements(prisma);
  const inTurn = pLimit(AT_ONCE);
  const placedOrder = (orderId: string) => prisma.order.findUnique({ where: { id: orderId } });

  /** Gives back at once what a job gives back in any case. */
  async function releaseNow(orderId: string, requestId: string): Promise<void> {
    try {
      await createInventory(services, requestId).release(orderId);
    } catch (error) {
      logger.warn({ err: error, orderId }, 'the stock of an order that was not placed is given back later');
    }
  }

  /**
   * @param held - what may be reserved for the order: `nothing`; something that products can give back `now`; or
   *   something that is given back `later`, because products does not answer
   * @returns the order, if others placed it meanwhile
   */
  async function giveUp(
    orderId: string,
    requestId: string,
    held: 'nothing' | 'now' | 'later' = 'now',
  ): Promise<Order | null> {
    if (!(await placements.abort(orderId, held !== 'nothing'))) {
      const order = await placedOrder(orderId);
      if (order) return order;
      if (held !== 'nothing') await placements.release(orderId);
    }
    await checkpoint('aborted');
    if (held === 'now') await releaseNow(orderId, requestId);
    return null;
  }

  /** @returns null to begin anew */
  async function attempt(
    source: PlacingSource,
    request: PlaceOrderRequest,
    orderId: string,
  ): Promise<Order | null> {
    const { viewer, audit, requestId } = source;
    const { userId } = viewer;
    let held: 'nothing' | 'now' = 'now';
    try {
      const [cart, address] = await Promise.all([
        readCart(prisma, userId, request.cartId),
        readAddress(services, userId, request.shippingAddressId, requestId),
      ]);
      await checkpoint('read');
      const reservation = await createInventory(services, requestId).reserve(
        orderId,
        HOLD_SECONDS,
        cart.lines,
      );
      if (reservation.outcome === 'REFUSED') {
        held = 'nothing';
        throw new Refusal(...reservation.userErrors);
      }
      if (reservation.outcome !== 'HELD') return await giveUp(orderId, requestId);
      await checkpoint('reserved');
      const { lines } = reservation;
      const total = totalOf(lines);
      const { minorUnits, currency } = request.expectedTotal;
      if (total.minorUnits !== BigInt(minorUnits) || total.currency !== currency) throw priceChanged(cart);
      const draft = { id: orderId, userId, cart, address, lines, total };
      const committed = await commitOrder({ prisma, audit, evictions, checkpoint }, draft);
      if (committed.outcome === 'PLACED') return committed.order;
      if (committed.outcome === 'LOST') return await giveUp(orderId, requestId);
      throw priceChanged(await readCart(prisma, userId, request.cartId));
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof ServiceError)) throw error;
      const isAway = error instanceof ServiceError && error.subgraph === 'products';
      const order = await giveUp(orderId, requestId, isAway ? 'later' : held);
      if (order) return order;
      throw error;
    }
  }

  async function place(source: PlacingSource, request: PlaceOrderRequest): Promise<Order> {
    const requestHash = hashOfRequest(request);
    for (let round = 0; round < ROUNDS; round++) {
      const { orderId, status } = await placements.begin(
        source.viewer.userId,
        request.idempotencyKey,
        requestHash,
      );
      await checkpoint('begun');
      const order = await (status === 'PLACED' ? placedOrder(orderId) : attempt(source, request, orderId));
      if (order && status === 'STARTED') await checkpoint('committed');
      if (order) return order;
    }
    throw new ServiceError('unavailable', 'orders', 'the order was given up by others, again and again');
  }

  return {
    place(source, request) {
      const giveUpAt = performance.now() + PATIENCE;
      return inTurn(async () => {
        if (performance.now() <= giveUpAt) return place(source, request);
        throw new ServiceError('unavailable', 'orders', 'too many orders are placed at once');
      });
    },
  };
}

const priceChanged = (cart: CartContents): Refusal =>
  new Refusal(
    userError(
      'PriceChangedError',
      'PRICE_CHANGED',
      'The cart or its price has changed; look at it again.',
      ['expectedTotal'],
      { cart },
    ),
  );
