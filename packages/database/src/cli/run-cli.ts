import type { ParseArgsConfig } from 'node:util';
import { type Environment, exitWith, parseArguments } from '@tributary/platform';

/** What a command works with, apart from the repository. */
export interface Invocation {
  /** Arguments that are no options. */
  positionals: string[];
  /** The options that were given. */
  options: Readonly<Record<string, string | undefined>>;
  env: Environment;
  /** Tells the person at the terminal one line. */
  say(line: string): void;
}

/** What a command takes and does. */
export interface Command {
  /** Shown for `--help`. */
  help: string;
  /** Names of its options besides `--help`, which take a text each. */
  options: readonly string[];
  /**
   * Does it and says what it did.
   * @throws StartupError for what the person at the terminal can mend
   */
  run(invocation: Invocation): Promise<void>;
}

/** Runs a command with the arguments of this process. Exit code 1 after an error, which is one line. */
export async function runCli(command: Command): Promise<void> {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  await execute(command, process.argv.slice(2), process.env, say).catch(exitWith);
}

/**
 * Runs a command.
 *
 * @param args - as typed after the command's name
 * @throws StartupError for arguments that it does not take, and whatever the command throws
 */
export async function execute(
  command: Command,
  args: string[],
  env: Environment,
  say: Invocation['say'],
): Promise<void> {
  const { positionals, values } = parse(command, args);
  if (values.help) return say(command.help.trimEnd());
  const given = Object.entries(values).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value]] : [],
  );
  await command.run({ positionals, options: Object.fromEntries(given), env, say });
}

function parse(command: Command, args: string[]) {
  const texts = command.options.map((name) => [name, { type: 'string' as const }] as const);
  const options: NonNullable<ParseArgsConfig['options']> = {
    ...Object.fromEntries(texts),
    help: { type: 'boolean', short: 'h' },
  };
  return parseArguments({ args, options, allowPositionals: true });
}
