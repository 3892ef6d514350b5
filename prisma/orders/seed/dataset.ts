import type { Item } from '../../products/seed/catalogue.ts';
import { type Dataset, ranges } from '../../seed/dataset.ts';
import { insertInto } from '../../seed/table.ts';
import type { Person } from '../../users/seed/people.ts';
import { makeCarts } from './cart.ts';
import { orderOf } from './order.ts';
import { openShop } from './shop.ts';
import { cartLines, carts, orderEvents, orderLines, orders, payments } from './tables.ts';
import { makeTimeline } from './timeline.ts';

/**
 * What goes into the orders database. The rows are made batch by batch, so that memory does not grow with them.
 * @param count - how many orders
 */
export function ordersDataset(people: readonly Person[], catalogue: readonly Item[], count: number): Dataset {
  return {
    database: 'orders',
    tables: [orders.name, orderLines.name, orderEvents.name, payments.name, carts.name, cartLines.name],
    size: count,
    *batches() {
      const shop = openShop(people, catalogue);
      const timeline = makeTimeline(count);
      for (const { start, end } of ranges(count)) {
        const batch = Array.from({ length: end - start }, (_, at) => orderOf(start + at, timeline, shop));
        const inserts = [
          insertInto(
            orders,
            batch.map(({ order }) => order),
          ),
          insertInto(
            orderLines,
            batch.flatMap(({ lines }) => lines),
          ),
          insertInto(
            orderEvents,
            batch.flatMap(({ events }) => events),
          ),
          insertInto(
            payments,
            batch.map(({ payment }) => payment),
          ),
        ];
        yield { size: batch.length, inserts };
      }
      const filled = makeCarts(shop);
      const inserts = [
        insertInto(
          carts,
          filled.map(({ cart }) => cart),
        ),
        insertInto(
          cartLines,
          filled.flatMap(({ lines }) => lines),
        ),
      ];
      yield { size: 0, inserts };
    },
  };
}
