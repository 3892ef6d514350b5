import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import exported from '@balena/dockerignore';
import { REPOSITORY } from '@tributary/database';

/** Its types speak of a property `default`; at run time the function is exported itself. */
const dockerignore = exported as unknown as typeof exported.default;

/** Paths of what Docker would be sent: the files of the repository that `.dockerignore` does not leave out. */
export function contextFiles(): string[] {
  const rules = dockerignore().add(readFileSync(join(REPOSITORY, '.dockerignore'), 'utf8'));
  const filesIn = (folder: string): string[] =>
    readdirSync(join(REPOSITORY, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (rules.ignores(path)) return [];
      return entry.isDirectory() ? filesIn(path) : [path];
    });
  return filesIn('');
}

/** Copies the context into an empty folder. */
export function copyContext(target: string): void {
  for (const path of contextFiles()) cpSync(join(REPOSITORY, path), join(target, path), { recursive: true });
}
