import { appendFile, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type FileWatch, watchFiles } from '../src/supergraph/watch.ts';

let folder: string;
let file: string;
let watch: FileWatch;
/** What the file had each time when it was told that it had changed. */
let seen: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-watch-'));
  file = join(folder, 'supergraph.graphql');
  seen = [];
  await writeFile(file, 'first');
  const onChange = async () => void seen.push(await readFile(file, 'utf8'));
  watch = await watchFiles([file], onChange, (error) => {
    throw error;
  });
});
afterEach(async () => {
  await watch.close();
  await rm(folder, { recursive: true });
});

async function untilSeen(text: string): Promise<void> {
  while (seen.at(-1) !== text) await new Promise((resolve) => setTimeout(resolve, 10));
}

it('sees each change, also after a file was written, replaced and written again at once', async () => {
  for (let n = 1; n <= 5; n += 1) {
    await appendFile(file, '.');
    await writeFile(join(folder, 'next'), `replaced ${n}`);
    await rename(join(folder, 'next'), file);
    await appendFile(file, ', appended');
    await untilSeen(`replaced ${n}, appended`);
    await writeFile(file, `written ${n}`);
    await untilSeen(`written ${n}`);
  }
  // Each was told of once, or twice where it took its time; it is not told of what nobody did.
  expect(seen.length).toBeLessThanOrEqual(20);
});
