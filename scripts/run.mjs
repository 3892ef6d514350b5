import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { commands } from './commands.mjs';
import { endWithNpm } from './end-with-npm.mjs';
import { install, needsInstall, runQuietly } from './install.mjs';
import { step } from './step.mjs';

/**
 * Every `npm run` of this repository: installs what is missing, makes what the command works with, and runs it.
 * Nothing but Node and npm has to be there before.
 */
process.env.TURBO_TELEMETRY_DISABLED = '1';
process.env.DO_NOT_TRACK = '1';
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [name, ...args] = process.argv.slice(2);
const command = commands[name];
const wantsHelp = args.includes('--help') || args.includes('-h');

if (!command) {
  const names = Object.entries(commands).map(
    ([key, { summary }]) => `  npm run ${key.padEnd(14)} ${summary}`,
  );
  fail(`Usage: npm run COMMAND [-- --help]\n\n${names.join('\n')}`);
}
if (!command.module && !command.run && wantsHelp) {
  process.stdout.write(`npm run ${name}: ${command.summary}\n`);
  process.exit(0);
}
requireNode([20, 19]);

const silent = wantsHelp || process.env.npm_config_loglevel === 'silent';
const doing = silent ? (_name, work) => work() : step;

try {
  if (needsInstall(root)) await doing('Installing dependencies', () => install(root));
  if (command.needs) {
    const label = command.needs === 'build' ? 'Building' : 'Generating code';
    await doing(label, () =>
      runQuietly('npx', ['--no-install', 'turbo', 'run', command.needs, '--output-logs=errors-only'], root),
    );
  }
} catch (error) {
  fail(error.message);
}

endWithNpm();
if (command.module) {
  process.argv.splice(2, 1);
  await import(pathToFileURL(join(root, command.module)).href);
} else if (command.run) {
  process.exitCode = await runChild(command.run);
}

/** @param {string[]} nodeArgs */
function runChild(nodeArgs) {
  const [options, script] = [nodeArgs.slice(0, -1), nodeArgs.at(-1) ?? ''];
  const child = spawn(process.execPath, [...options, join(root, script), ...args], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to the child as well, which ends in its own time; other signals are passed on.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}

/** @param {[number, number]} least */
function requireNode([major, minor]) {
  const [hasMajor, hasMinor] = process.versions.node.split('.').map(Number);
  if (hasMajor < major || (hasMajor === major && hasMinor < minor)) {
    fail(`Node.js ${major}.${minor} or newer is needed; this is ${process.versions.node}.`);
  }
}

/** @param {string} message */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
