import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY } from '@tributary/database';
import { parse } from 'yaml';
import { z } from 'zod';

const columns = z.array(z.string()).default([]);

const retention = z.union([
  z.strictObject({ setting: z.string(), after: z.string(), but: z.string().optional() }),
  z.strictObject({ archive: z.string() }),
  z.strictObject({ with: z.string() }),
  z.strictObject({ because: z.string() }),
]);

/** How long the rows of a table are kept: by a setting, until they are archived, with their parent, or for a reason. */
export type Retention = z.infer<typeof retention>;

const mappedTable = z.strictObject({
  for: z.string().optional(),
  retention,
  export: z.string().optional(),
  erase: z.string().optional(),
  personal: columns,
  reference: columns,
  secret: columns,
  none: columns,
});

/** What `prisma/data-map.yaml` says of a table. */
export type MappedTable = z.infer<typeof mappedTable>;

const dataMap = z.record(z.string(), z.record(z.string(), mappedTable));

/** Tables by database and Prisma model. */
export type DataMap = z.infer<typeof dataMap>;

/**
 * Reads `prisma/data-map.yaml`.
 *
 * @throws ZodError naming the table that has no retention, or what the map must not have
 */
export const readDataMap = async (): Promise<DataMap> =>
  dataMap.parse(parse(await readFile(join(REPOSITORY, 'prisma/data-map.yaml'), 'utf8')));

/** Whether a table says something of a person. */
export const isAboutPeople = ({ personal, reference, secret }: MappedTable): boolean =>
  personal.length + reference.length + secret.length > 0;
