import { toGlobalId } from '@tributary/subgraph-kit';
import type { ImportRunResolvers } from '../generated/schema-types.ts';
import { problemsOf } from '../services/import/run-progress.ts';

export const ImportRun: ImportRunResolvers = {
  id: ({ id }) => toGlobalId('ImportRun', id),
  problems: (run) => problemsOf(run),
};
