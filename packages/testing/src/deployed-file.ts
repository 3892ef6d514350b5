import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY } from '@tributary/database';

/**
 * Reads a file of `deploy/` and fills its variables in, as `envsubst` does in the containers: `${NAME}` of those that are
 * given, and nothing else.
 *
 * @param file - below `deploy/`
 * @throws when a variable of upper-case letters is left: the file has one that the test does not know
 */
export async function fillDeployedFile(
  file: string,
  variables: Readonly<Record<string, string>>,
): Promise<string> {
  const text = await readFile(join(REPOSITORY, 'deploy', file), 'utf8');
  return text.replaceAll(/\$\{([A-Z_]+)\}/g, (_match, name: string) => {
    const value = variables[name];
    if (value === undefined) throw new Error(`deploy/${file} has a variable ${name} that is not given`);
    return value;
  });
}
