import { exitWith, parseArguments } from '@tributary/platform';

/** Whether `--help` was given to a command that has no other option. Ends the process when anything else was. */
export function helpWanted(): boolean {
  try {
    return parseArguments({ options: { help: { type: 'boolean', short: 'h' } } }).values.help === true;
  } catch (error) {
    return exitWith(error);
  }
}
