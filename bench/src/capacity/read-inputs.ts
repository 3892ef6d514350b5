import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from '@tributary/platform';
import { parse } from 'yaml';
import type { z } from 'zod';
import { REPOSITORY } from '../harness/server-process.ts';
import { type Assumptions, assumptionsSchema, type Prices, pricesSchema } from './assumptions.ts';
import { type Costs, costsSchema } from './costs.ts';

/** Files that the model reads; null for those of the repository. */
export interface InputFiles {
  costs: string | null;
  prices: string | null;
  assumptions: string | null;
}

/**
 * Reads what the model works with. YAML or JSON, which is YAML too.
 *
 * @throws StartupError naming the flag and what is wrong with its file
 */
export async function readInputs(
  files: InputFiles,
): Promise<{ costs: Costs; prices: Prices; assumptions: Assumptions }> {
  const own = (name: string) => join(REPOSITORY, 'bench/capacity', name);
  const [costs, prices, assumptions] = await Promise.all([
    read('--costs', files.costs ?? own('costs.json'), costsSchema),
    read('--prices', files.prices ?? own('prices.yaml'), pricesSchema),
    read('--assumptions', files.assumptions ?? own('assumptions.yaml'), assumptionsSchema),
  ]);
  return { costs, prices, assumptions };
}

async function read<T>(flag: string, file: string, schema: z.ZodType<T>): Promise<T> {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new StartupError(`${flag}: ${file} cannot be read`, { cause });
  });
  const { success, data, error } = schema.safeParse(parsed(flag, file, text));
  if (success) return data;
  const problems = error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`);
  throw new StartupError(`${flag}: ${file}: ${problems.join('; ')}`);
}

function parsed(flag: string, file: string, text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new StartupError(`${flag}: ${file} is neither YAML nor JSON`, { cause });
  }
}
