import { existsSync } from 'node:fs';
import { z } from 'zod';
import { readYamlFile } from '../yaml/yaml-file.ts';

const allowedChanges = z
  .array(
    z.strictObject({
      change: z.string('must be a kind of change, such as FIELD_REMOVED').min(1),
      path: z.string('must be what changes, such as User.nickname').min(1),
      reason: z.string('must say why clients may be broken').min(1),
    }),
  )
  .nullable();

/** A breaking change that is meant. */
export interface AllowedChange {
  change: string;
  path: string;
  reason: string;
}

/**
 * Reads which breaking changes are meant.
 *
 * @param file - absolute path
 * @param required - whether it has to be there
 * @throws StartupError with a line for each problem of the file
 */
export async function readAllowedChanges(file: string, required: boolean): Promise<readonly AllowedChange[]> {
  if (!required && !existsSync(file)) return [];
  const { content } = await readYamlFile(file, allowedChanges, '--allow');
  return content ?? [];
}
