import { fromGlobalId, toGlobalId } from '@tributary/subgraph-kit';
import type { DataExportResolvers } from '../generated/schema-types.ts';

export const DataExport: DataExportResolvers = {
  __resolveReference: async ({ id }, { viewer, loaders }) => {
    const wanted = await loaders.dataExportById.load(fromGlobalId('DataExport', id, 'id'));
    return wanted && wanted.userId === viewer?.userId ? wanted : null;
  },
  id: (wanted) => toGlobalId('DataExport', wanted.id),
  document: ({ id, status }, _args, { loaders }) =>
    status === 'READY' ? loaders.exportDocument.load(id) : null,
};
