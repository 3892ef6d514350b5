import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY } from '@tributary/database';
import { parse } from 'graphql';
import { subgraphNames } from '../parts/subgraphs.ts';
import { hintProblems } from './hint-problems.ts';
import { ownedFields } from './owned-fields.ts';

/**
 * Looks at the `@cacheControl` of all subgraphs.
 *
 * @throws Error with a line for each that would have somebody's own kept for everybody
 */
export async function checkCacheHints(): Promise<void> {
  const textOf = (file: string) => readFile(join(REPOSITORY, file), 'utf8');
  const owned = ownedFields(await textOf('e2e/access-matrix/matrix.md'));
  const problems = await Promise.all(
    subgraphNames().map(async (name) => {
      const file = `subgraphs/${name}/schema.graphql`;
      return hintProblems(parse(await textOf(file)), owned).map((problem) => `${file}: ${problem}`);
    }),
  );
  if (problems.flat().length > 0) throw new Error(problems.flat().join('\n'));
}
