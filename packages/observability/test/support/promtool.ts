import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, it } from '@jest/globals';

const run = promisify(execFile);

/**
 * `describe` for tests that need Prometheus' `promtool`. Without one on the PATH they are left out with a warning; under
 * `CI=true` that is a failure.
 */
export function describeWithPromtool(name: string, tests: () => void): void {
  if (spawnSync('promtool', ['--version']).status === 0) return void describe(name, tests);
  const reason = `"${name}" was left out: no promtool on the PATH`;
  if (process.env.CI === 'true') {
    return void it(name, () => {
      throw new Error(reason);
    });
  }
  console.warn(reason);
  describe.skip(name, tests);
}

/** Runs promtool. @returns what it writes. @throws when it finds something wrong, with what it writes */
export async function promtool(...args: string[]): Promise<string> {
  const { stdout, stderr } = await run('promtool', args);
  return stdout + stderr;
}
