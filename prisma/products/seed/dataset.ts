import { type Dataset, ranges } from '../../seed/dataset.ts';
import { insertInto } from '../../seed/table.ts';
import type { Item } from './catalogue.ts';
import { CATEGORIES } from './category-tree.ts';
import { categories, inventory, products, variants } from './tables.ts';

/** What goes into the products database. */
export function productsDataset(catalogue: readonly Item[]): Dataset {
  return {
    database: 'products',
    tables: [categories.name, products.name, variants.name, inventory.name],
    size: catalogue.length,
    *batches() {
      yield { size: 0, inserts: [insertInto(categories, CATEGORIES)] };
      for (const { start, end } of ranges(catalogue.length)) {
        const batch = catalogue.slice(start, end);
        const stocked = batch.flatMap((item) => item.variants);
        const inserts = [
          insertInto(
            products,
            batch.map((item) => item.product),
          ),
          insertInto(
            variants,
            stocked.map(({ variant }) => variant),
          ),
          insertInto(
            inventory,
            stocked.map(({ stock }) => stock),
          ),
        ];
        yield { size: batch.length, inserts };
      }
    },
  };
}
