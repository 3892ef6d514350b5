import { ordersDataset } from '../orders/seed/dataset.ts';
import { makeCatalogue } from '../products/seed/catalogue.ts';
import { productsDataset } from '../products/seed/dataset.ts';
import { usersDataset } from '../users/seed/dataset.ts';
import { makePeople } from '../users/seed/people.ts';
import { DATABASES, type Database, type Dataset } from './dataset.ts';
import { volumesOf } from './scale.ts';
import { type DatabaseSummary, seedDatabase } from './seed-database.ts';

/** How far the seed is. */
export interface Progress {
  /** The database that is being written. */
  database: Database;
  /** Users, products and orders that are done, of all databases together; skipped ones count as done. */
  done: number;
  total: number;
}

export interface SeedOptions {
  /** Connection strings of three migrated databases. */
  urls: Readonly<Record<Database, string>>;
  /** How much: 1 is 1,000 products, 2,000 users and 10,000 orders. More than 0, at most 100. */
  scale: number;
  /**
   * Empty the databases' tables first.
   * @default false
   */
  reset?: boolean;
  /** Called after each batch, a few times a second. */
  onProgress?: (progress: Progress) => void;
}

/** What happened, database by database. */
export type SeedSummary = Record<Database, DatabaseSummary>;

/**
 * Makes the three data sets, which agree with each other and are the same at each call with the same scale.
 *
 * @param demoPasswords - whether the demo accounts get a password that everybody knows; never in production
 * @throws StartupError when the scale is out of range
 */
export function makeDatasets(
  scale: number,
  demoPasswords = process.env.NODE_ENV !== 'production',
): Record<Database, Dataset> {
  const volumes = volumesOf(scale);
  const people = makePeople(volumes.users);
  const catalogue = makeCatalogue(volumes.products);
  return {
    users: usersDataset(people, demoPasswords),
    products: productsDataset(catalogue),
    orders: ordersDataset(people, catalogue, volumes.orders),
  };
}

/**
 * Fills the three databases. One that already has rows is left as it is, unless `reset` is given.
 * @throws StartupError when the scale is out of range, or a database cannot be reached or is not migrated
 */
export async function seedAll({ urls, scale, reset = false, onProgress }: SeedOptions): Promise<SeedSummary> {
  const datasets = makeDatasets(scale);
  const total = DATABASES.reduce((sum, database) => sum + datasets[database].size, 0);
  let done = 0;
  const seedOne = async (database: Database): Promise<DatabaseSummary> => {
    const dataset = datasets[database];
    const before = done;
    const report = (size: number) => {
      done += size;
      onProgress?.({ database, done, total });
    };
    const summary = await seedDatabase({ url: urls[database], dataset, reset, onBatch: report });
    if (summary.skipped) report(before + dataset.size - done);
    return summary;
  };
  return {
    users: await seedOne('users'),
    products: await seedOne('products'),
    orders: await seedOne('orders'),
  };
}
