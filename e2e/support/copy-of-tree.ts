import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

const TOOLS = ['.bin', '@tributary'];

/**
 * Copies this repository as a commit would have it, with what was generated, so that a command can change it.
 * What was installed is shared; only the workspace's own packages are those of the copy.
 *
 * @param target - an empty folder
 */
export function copyTree(repository: string, target: string): void {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: repository,
  });
  for (const file of listed
    .toString()
    .split('\0')
    .filter((name) => name && existsSync(join(repository, name)))) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(join(repository, file), join(target, file));
  }
  for (const folder of generatedFolders(repository)) {
    cpSync(join(repository, folder), join(target, folder), { recursive: true });
  }
  linkPackages(repository, target);
}

const generatedFolders = (repository: string): string[] =>
  [
    ...readdirSync(join(repository, 'prisma')).map((name) => `prisma/${name}/generated`),
    ...readdirSync(join(repository, 'subgraphs')).map((name) => `subgraphs/${name}/src/generated`),
  ].filter((folder) => existsSync(join(repository, folder)));

function linkPackages(repository: string, target: string): void {
  const installed = join(repository, 'node_modules');
  mkdirSync(join(target, 'node_modules/@tributary'), { recursive: true });
  for (const name of readdirSync(installed).filter((candidate) => !TOOLS.includes(candidate))) {
    symlinkSync(join(installed, name), join(target, 'node_modules', name));
  }
  for (const name of readdirSync(join(installed, '@tributary'))) {
    // Relative links, which lead to the copy's own folders.
    symlinkSync(
      readlinkSync(join(installed, '@tributary', name)),
      join(target, 'node_modules/@tributary', name),
    );
  }
  // Packages that the root could not share, such as another version of one.
  for (const workspace of workspacesWithOwnPackages(repository)) {
    symlinkSync(join(repository, workspace, 'node_modules'), join(target, workspace, 'node_modules'));
  }
}

const workspacesWithOwnPackages = (repository: string): string[] =>
  ['packages', 'subgraphs', '.']
    .flatMap((folder) => readdirSync(join(repository, folder)).map((name) => join(folder, name)))
    .filter(
      (workspace) => workspace !== 'node_modules' && existsSync(join(repository, workspace, 'package.json')),
    )
    .filter((workspace) => existsSync(join(repository, workspace, 'node_modules')));
