import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';

/**
 * Finds a Chromium: `CHROMIUM_PATH`, then Debian's, then the PATH.
 * @returns its path, or `undefined`, which has been said on the console, when there is none
 * @throws Error when there is none and `CI` is `true`: there the browser's tests may not be left out
 */
export function findChromium(): string | undefined {
  const candidates = [
    process.env.CHROMIUM_PATH,
    '/usr/bin/chromium',
    onPath('chromium'),
    onPath('google-chrome'),
  ];
  const found = candidates.find((path) => path && isExecutable(path));
  if (found) return found;
  const message =
    'No Chromium: neither CHROMIUM_PATH, nor /usr/bin/chromium, nor chromium or google-chrome on the PATH.';
  if (process.env.CI === 'true') throw new Error(message);
  console.warn(`LEFT OUT: the explorer's browser tests. ${message}`);
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The path of a program, or `undefined` when `which` does not know it. */
function onPath(program: string): string | undefined {
  try {
    return execFileSync('which', [program], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
