import { z } from 'zod';

const file = () => z.string({ error: 'must be the path of a manifest, or a list of them' }).min(1);

/** The operations that clients were built with, as the configuration file has it under `persisted_operations`. */
export const persistedOperationSettings = z.strictObject({
  manifest: z.union([file().transform((one) => [one]), z.array(file()).min(1)], {
    error: 'must be the path of a manifest, or a list of them',
  }),
  /** YAML 1.1 reads `off` as false. */
  mode: z
    .union([z.enum(['off', 'log', 'safelist']), z.literal(false).transform(() => 'off' as const)], {
      error: 'must be off, log or safelist',
    })
    .optional(),
  require_id: z.boolean('must be true or false').optional(),
});

export type GivenPersistedOperations = z.infer<typeof persistedOperationSettings>;

/** What is done about operations that are not in a manifest. */
export type Mode =
  /** They run. */
  | 'off'
  /** They run, and the log tells of them. */
  | 'log'
  /** They are refused. */
  | 'safelist';

/** The operations that clients were built with. */
export interface PersistedOperationSettings {
  /** Absolute paths of the manifests. */
  manifests: readonly string[];
  mode: Mode;
  /** Whether, in the safelist mode, an operation has to be asked for by its id. */
  requireId: boolean;
}

/** Fills in what the file leaves out. @param pathOf - makes a path of the file absolute */
export const completePersistedOperations = (
  given: GivenPersistedOperations,
  pathOf: (path: string) => string,
): PersistedOperationSettings => ({
  manifests: given.manifest.map(pathOf),
  mode: given.mode ?? 'off',
  requireId: given.require_id ?? false,
});
