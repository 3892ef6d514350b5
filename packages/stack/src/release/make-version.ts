import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import getReleasePlan from '@changesets/get-release-plan';
import { StartupError } from '@tributary/platform';
import { type NotedChange, section, type Weight, withSection } from './changelog.ts';

const run = promisify(execFile);
const CHANGESETS = createRequire(import.meta.url).resolve('@changesets/cli/bin.js');

/** Files with versions of our packages that are no workspaces. */
const TEMPLATES = ['packages/stack/templates/subgraph/subgraphs/__name__/package.json'];

/**
 * Makes the next version of what was noted in `.changeset`: in every package.json, the lockfile and CHANGELOG.md. The notes are
 * removed; nothing is committed.
 *
 * @param root - the repository
 * @param date - of the release, `2026-01-31`
 * @returns the version
 * @throws StartupError when nothing was noted
 */
export async function makeVersion(root: string, date: string): Promise<string> {
  const plan = await getReleasePlan(root);
  const [first] = plan.releases;
  if (!first || plan.changesets.length === 0)
    throw new StartupError('.changeset: nothing was noted; `npx changeset` does');
  const before = await versionOf(root);
  await run(process.execPath, [CHANGESETS, 'version'], { cwd: root });
  const changes = plan.changesets.map(
    ({ summary, releases }): NotedChange => ({ summary, weight: heaviest(releases.map(({ type }) => type)) }),
  );
  const file = join(root, 'CHANGELOG.md');
  const added = section(first.newVersion, date, changes);
  await writeFile(file, withSection(await textOf(file), added));
  await replaceIn(join(root, 'package.json'), `"version": "${before}"`, `"version": "${first.newVersion}"`);
  for (const template of TEMPLATES) {
    await replaceIn(join(root, template), `"version": "${before}"`, `"version": "${first.newVersion}"`);
    await replaceIn(join(root, template), OURS, (line) => line.replace(before, first.newVersion));
  }
  await run('npm', ['install', '--package-lock-only', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
  });
  return first.newVersion;
}

/** The version that the repository has now. */
export async function versionOf(root: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}

const OURS = /^ +"@tributary\/\w[\w-]*": "[^"]+"/gm;

const WEIGHTS: readonly Weight[] = ['major', 'minor', 'patch'];
const heaviest = (types: readonly string[]): Weight =>
  WEIGHTS.find((weight) => types.includes(weight)) ?? 'patch';

async function replaceIn(
  file: string,
  text: string | RegExp,
  by: string | ((found: string) => string),
): Promise<void> {
  const before = await textOf(file);
  const after = before.replace(text, (found) => (typeof by === 'string' ? by : by(found)));
  if (after !== before) await writeFile(file, after);
}

const textOf = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
