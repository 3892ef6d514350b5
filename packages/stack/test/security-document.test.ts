import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { REPOSITORY } from '@tributary/database';

const read = (file: string) => readFileSync(join(REPOSITORY, file), 'utf8');

describe('SECURITY.md', () => {
  const document = read('SECURITY.md');
  const rows = document
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (?:---|What to do)/.test(line))
    .map((line) => ({ row: line.split(' | ')[0]?.slice(2), line }));
  const linksOf = (text: string) => [...text.matchAll(/\]\(([^)#]+)\)/g)].map(([, target = '']) => target);

  it.each(rows)('points at the tests that hold it: $row', ({ line }) => {
    const tests = linksOf(line).filter((target) => target.endsWith('.test.ts'));
    expect(tests.length).toBeGreaterThan(0);
    expect(tests.filter((file) => !existsSync(join(REPOSITORY, file)))).toEqual([]);
  });

  it('has a table, and links to nothing that is not there', () => {
    expect(rows.length).toBeGreaterThan(15);
    const missing = linksOf(document).filter(
      (target) => !target.startsWith('http') && !existsSync(join(REPOSITORY, target)),
    );
    expect(missing).toEqual([]);
  });
});

describe('dependencies', () => {
  interface Manifest {
    workspaces?: string[];
    /** Some only for what one package needs. */
    overrides?: Record<string, string | Record<string, string>>;
    dependencies?: Record<string, string>;
    devDependencies?: Record<string, string>;
  }
  interface Lock {
    packages: Record<
      string,
      Manifest & { link?: boolean; optional?: boolean; inBundle?: boolean; integrity?: string }
    >;
  }
  const lock = JSON.parse(read('package-lock.json')) as Lock;
  /** Our own packages: those that are not in `node_modules`. */
  const own = Object.keys(lock.packages).filter((folder) => !folder.includes('node_modules'));

  /** A version, another package's version, or what the tree has of a package (`$name`). */
  const EXACT = /^(?:(?:npm:@?[\w./-]+@)?\d+\.\d+\.\d+(?:-[\w.-]+)?|\$[\w@./-]+)$/;

  it('are given by their exact version, everywhere', () => {
    expect(own.length).toBeGreaterThan(10);
    const loose = own.flatMap((folder) => {
      const manifest = JSON.parse(read(join(folder, 'package.json'))) as Manifest;
      const { dependencies, devDependencies, overrides } = manifest;
      const overridden = Object.entries(overrides ?? {}).flatMap(([name, version]) =>
        typeof version === 'string' ? [[name, version] as const] : Object.entries(version),
      );
      return [...overridden, ...Object.entries({ ...dependencies, ...devDependencies })]
        .filter(([, version]) => !EXACT.test(version))
        .map(([name, version]) => `${folder}: ${name} ${version}`);
    });
    expect(loose).toEqual([]);
  });

  // Of what is for other machines, not every registry has the hashes; what is bundled is in the file of who brings it.
  it('are known to the last byte, but for optional parts', () => {
    const installed = Object.entries(lock.packages).filter(
      ([folder, { link, optional, inBundle }]) =>
        folder.includes('node_modules') && !link && !optional && !inBundle,
    );
    expect(installed.length).toBeGreaterThan(100);
    expect(installed.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-'))).toEqual([]);
  });
});
