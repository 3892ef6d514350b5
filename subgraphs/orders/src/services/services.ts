import type { EventBus, Logger } from '@tributary/platform';
import type { PrismaClient } from '@tributary/prisma/orders/client';
import type { Evictions, ServiceClient } from '@tributary/subgraph-kit';
import { type CartService, createCartService } from './cart/cart.service.ts';
import { createOrderFeed } from './events/order-feed.ts';
import { createOrderSubscriptions, type OrderSubscriptions } from './events/order-subscriptions.service.ts';
import { createOrderService, type OrderService } from './order.service.ts';
import { createOrderChanges, type OrderChanges } from './order-changes.service.ts';
import { createPersonService, type PersonService } from './person.service.ts';
import type { Checkpoint } from './placing/checkpoint.ts';
import { createPlacingService, type PlacingService } from './placing/placing.service.ts';

/** What resolvers ask; made once for all requests. */
export interface Services {
  carts: CartService;
  placing: PlacingService;
  orders: OrderService;
  orderChanges: OrderChanges;
  orderSubscriptions: OrderSubscriptions;
  people: PersonService;
}

export interface ServicesOptions {
  prisma: PrismaClient;
  /** The other subgraphs. */
  services: ServiceClient;
  events: EventBus;
  /** Has what was kept of carts and orders forgotten. */
  evictions: Evictions;
  logger: Logger;
  /** For tests that end the process between the steps of placing an order. */
  checkpoint?: Checkpoint | undefined;
}

export const createServices = ({
  prisma,
  services,
  events,
  evictions,
  logger,
  checkpoint = () => undefined,
}: ServicesOptions): Services => ({
  carts: createCartService(prisma, services, evictions),
  placing: createPlacingService({ prisma, services, evictions, logger, checkpoint }),
  orders: createOrderService(prisma),
  orderChanges: createOrderChanges(prisma, evictions),
  orderSubscriptions: createOrderSubscriptions(prisma, createOrderFeed(events)),
  people: createPersonService(prisma, evictions),
});
