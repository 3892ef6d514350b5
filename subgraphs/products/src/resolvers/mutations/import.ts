import { settle } from '@tributary/subgraph-kit';
import type { MutationResolvers } from '../../generated/schema-types.ts';
import { signedIn } from '../signed-in.ts';

/** Changes of the catalogue by file, by staff. */
export const importMutations = {
  productsImport: async (_parent, { input }, { viewer, requestId, audit, importRuns }) => {
    const by = { viewer: signedIn(viewer), requestId, audit };
    const { value: importRun, userErrors } = await settle(() => importRuns.request(input, by));
    return { importRun, userErrors };
  },
} satisfies Partial<MutationResolvers>;
