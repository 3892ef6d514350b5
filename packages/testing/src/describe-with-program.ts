import { spawnSync } from 'node:child_process';
import { describe, it } from '@jest/globals';

/**
 * `describe` for tests that need a program of the PATH. Without it they are left out with a warning; under `CI=true` that
 * is a failure.
 *
 * @param versionFlag - has the program say its version, and end with 0
 */
export function describeWithProgram(
  program: string,
  versionFlag: string,
  name: string,
  tests: () => void,
): void {
  if (spawnSync(program, [versionFlag]).status === 0) return void describe(name, tests);
  const reason = `"${name}" was left out: no ${program} on the PATH`;
  if (process.env.CI === 'true') {
    return void it(name, () => {
      throw new Error(reason);
    });
  }
  console.warn(reason);
  describe.skip(name, tests);
}
