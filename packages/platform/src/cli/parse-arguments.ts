import { type ParseArgsConfig, parseArgs } from 'node:util';
import { StartupError } from '../startup-error.ts';

/**
 * Node's `parseArgs` for the command line of a person.
 *
 * @throws StartupError for an option that does not exist or lacks its value; one line that points at `--help`
 */
export function parseArguments<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    // Node adds, in further sentences, how an argument that starts with a dash could be given.
    const [sentence] = (error as Error).message.split(/\.\s|\n/, 1);
    throw new StartupError(`${sentence}; see --help`, { cause: error });
  }
}
