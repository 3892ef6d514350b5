import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const STAMP = 'node_modules/.installed-lockfile';

/**
 * Whether `node_modules` was installed from another lockfile than today's, or not at all.
 *
 * @param {string} root - the repository
 */
export const needsInstall = (root) =>
  !existsSync(join(root, STAMP)) || readFileSync(join(root, STAMP), 'utf8') !== fingerprint(root);

/**
 * Installs exactly what the lockfile says.
 *
 * @param {string} root - the repository
 * @throws {Error} with npm's output
 */
export async function install(root) {
  await runQuietly('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], root);
  recordInstall(root);
}

/**
 * Remembers that what the lockfile says is installed.
 *
 * @param {string} root - the repository
 */
export const recordInstall = (root) => writeFileSync(join(root, STAMP), fingerprint(root));

/** @param {string} root */
const fingerprint = (root) =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');

/**
 * Runs a command whose output is of interest only when it fails.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 */
export function runQuietly(command, args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let output = '';
    const collect = (chunk) => {
      output += chunk;
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve(undefined) : reject(new Error(`${command} ${args.join(' ')} failed:\n${output}`)),
    );
  });
}
