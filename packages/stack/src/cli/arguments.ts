import { parseArgs } from 'node:util';
import { exitWith, StartupError } from '@tributary/platform';

/**
 * Whether `--help` was given to a command that has no other option. Ends the process when anything else was.
 *
 * @param command - how it is called, for the message
 */
export function helpWanted(command: string): boolean {
  try {
    return parseArgs({ options: { help: { type: 'boolean', short: 'h' } } }).values.help === true;
  } catch (error) {
    return exitWith(new StartupError(`${(error as Error).message}; see ${command} -- --help`));
  }
}
