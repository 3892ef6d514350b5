import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MANIFEST = 'e2e/persisted-operations/manifest.json';

it('the supergraph runs each operation of the shop’s front end, as CI finds out', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      ...['--conditions=source', '--import', 'tsx', 'gateway/src/cli/operations.ts', 'check'],
      ...['--manifest', MANIFEST, '--supergraph', 'supergraph.graphql'],
    ],
    { cwd: ROOT },
  );
  expect(stdout).toMatch(/^6 operations, 0 broken$/m);
});

it('the manifest of the example has the ids that Apollo’s tools make', async () => {
  const { operations } = JSON.parse(await readFile(new URL('manifest.json', import.meta.url), 'utf8')) as {
    operations: { id: string; body: string }[];
  };
  expect(operations.map(({ id }) => id)).toEqual(
    operations.map(({ body }) => createHash('sha256').update(body).digest('hex')),
  );
});
