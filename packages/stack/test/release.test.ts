import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { REPOSITORY } from '@tributary/database';
import { notesOf } from '../src/release/changelog.ts';
import { makeVersion } from '../src/release/make-version.ts';

const TEMPLATE = 'packages/stack/templates/subgraph/subgraphs/__name__/package.json';
let root: string;

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const readJson = (file: string) => JSON.parse(read(file));
const write = (file: string, content: object | string) => {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
};
const note = (name: string, weight: string, summary: string) =>
  write(`.changeset/${name}.md`, `---\n"@tributary/gateway": ${weight}\n---\n\n${summary}\n`);

/** A repository of two packages, with our configuration and template. */
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'tributary-release-'));
  const workspace = { version: '0.1.0', private: true };
  write('package.json', { name: 'tributary', ...workspace, workspaces: ['gateway', 'packages/platform'] });
  write('packages/platform/package.json', { name: '@tributary/platform', ...workspace });
  write('gateway/package.json', {
    name: '@tributary/gateway',
    ...workspace,
    dependencies: { '@tributary/platform': '0.1.0' },
  });
  cpSync(join(REPOSITORY, '.changeset/config.json'), join(root, '.changeset/config.json'));
  write(TEMPLATE, readFileSync(join(REPOSITORY, TEMPLATE), 'utf8'));
  execFileSync('git', ['init', '--quiet', '--initial-branch=main'], { cwd: root });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('makes one version of all packages, of the heaviest change, and tells of each change', async () => {
  await expect(makeVersion(root, '2026-01-31')).rejects.toThrow('.changeset: nothing was noted');

  note('small', 'patch', 'Answers are smaller.');
  note('large', 'minor', 'Subscriptions resume.\nOver WebSockets alone.');
  expect(await makeVersion(root, '2026-01-31')).toBe('0.2.0');

  for (const file of ['package.json', 'gateway/package.json', 'packages/platform/package.json', TEMPLATE])
    expect(readJson(file).version).toBe('0.2.0');
  expect(readJson('gateway/package.json').dependencies).toEqual({ '@tributary/platform': '0.2.0' });
  const template = readJson(TEMPLATE);
  const ours = Object.entries({ ...template.dependencies, ...template.devDependencies }).filter(([name]) =>
    name.startsWith('@tributary/'),
  );
  expect(new Set(ours.map(([, version]) => version))).toEqual(new Set(['0.2.0']));
  expect(template.dependencies['@prisma/client']).not.toBe('0.2.0');
  expect(readJson('package-lock.json').packages.gateway.version).toBe('0.2.0');
  expect(readdirSync(join(root, '.changeset'))).toEqual(['config.json']);
  expect(existsSync(join(root, 'gateway/CHANGELOG.md'))).toBe(false);

  note('next', 'patch', 'One thing more.');
  expect(await makeVersion(root, '2026-02-01')).toBe('0.2.1');
  expect(read('CHANGELOG.md')).toBe(`# Changes

## 0.2.1 (2026-02-01)

### Mended

- One thing more.

## 0.2.0 (2026-01-31)

### New

- Subscriptions resume.
  Over WebSockets alone.

### Mended

- Answers are smaller.
`);
  expect(notesOf(read('CHANGELOG.md'), '0.2.1')).toBe('### Mended\n\n- One thing more.');
  expect(notesOf(read('CHANGELOG.md'), '0.2')).toBeUndefined();
});

it('has one version in the whole repository', () => {
  const files = execFileSync('git', ['ls-files', '*package.json'], { cwd: REPOSITORY })
    .toString()
    .split('\n');
  const packages = files.flatMap((file) => {
    if (!file || file.startsWith('bench/competitors/')) return [];
    return [{ file, ...JSON.parse(readFileSync(join(REPOSITORY, file), 'utf8')) }];
  });
  expect(packages.length).toBeGreaterThan(10);
  const [{ version }] = packages.filter(({ file }) => file === 'package.json');
  expect(packages.filter((one) => one.version !== version).map(({ file }) => file)).toEqual([]);
});
