import { type Environment, loadConfig } from '@tributary/platform';
import { z } from 'zod';
import { settingsSchema as singleProcess } from '../../../single-process/config.ts';

/** The settings of the server with one database. */
export const settingsSchema = singleProcess
  .omit({ USERS_DATABASE_URL: true, PRODUCTS_DATABASE_URL: true, ORDERS_DATABASE_URL: true })
  .extend({
    DATABASE_URL: singleProcess.shape.ORDERS_DATABASE_URL.describe('PostgreSQL database of everything'),
    JOB_CONCURRENCY: z.coerce.number().int().min(1).default(4).describe('Jobs that are worked on at once'),
  });

export type Settings = Readonly<z.infer<typeof settingsSchema>>;

/** @throws StartupError naming every setting that is missing or wrong */
export const readSettings = (env: Environment): Settings => loadConfig(settingsSchema, env);
