import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { StartupError } from '@tributary/platform';
import { parseDocument } from 'yaml';
import { type Values, valuesSchema } from './schema.ts';

/** What the command line says, over the file. */
export interface ValueOptions {
  registry?: string | undefined;
  tag?: string | undefined;
}

/**
 * Reads the values of a cluster.
 *
 * @param file - YAML
 * @throws StartupError with a line for each problem
 */
export async function readValues(file: string, { registry, tag }: ValueOptions = {}): Promise<Values> {
  const name = relative('.', file);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new StartupError(`--values: ${name} cannot be read (${error.code})`);
  });
  const document = parseDocument(text);
  const [mistake] = document.errors;
  if (mistake) throw new StartupError(`${name}: ${mistake.message.split('\n')[0]}`);
  const given = document.toJS();
  const result = valuesSchema.safeParse(
    isObject(given)
      ? {
          ...given,
          image: { ...given.image, ...(registry && { registry }), ...(tag && { tag }) },
        }
      : given,
  );
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue): { path: PropertyKey[]; message: string }[] =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: [...issue.path, key], message: 'is not a value' }))
      : [issue],
  );
  throw new StartupError(
    problems.map(({ path, message }) => `${name}: ${path.join('.') || 'the file'}: ${message}`).join('\n'),
  );
}

const isObject = (value: unknown): value is { image?: object } => typeof value === 'object' && value !== null;
