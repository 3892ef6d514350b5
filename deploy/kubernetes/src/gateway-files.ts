import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { REPOSITORY } from '@tributary/database';
import { StartupError } from '@tributary/platform';

/**
 * Reads what the gateways are given as a ConfigMap: the supergraph, the configuration, and the files that this one names by
 * paths beside it, such as manifests of operations.
 *
 * @param config - path of `gateway.yaml`
 * @param more - paths; files are known by their names alone
 * @throws StartupError naming a file that cannot be read, or a name that two of them have
 */
export async function readGatewayFiles(
  config: string,
  more: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const files: Record<string, string> = {
    'supergraph.graphql': await read(join(REPOSITORY, 'supergraph.graphql')),
    'gateway.yaml': await read(config),
  };
  for (const path of more) {
    const name = basename(path);
    if (name in files) throw new StartupError(`--file: ${name} is there twice`);
    files[name] = await read(path);
  }
  return files;
}

const read = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new StartupError(`${path} cannot be read (${error.code})`);
  });
