import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { readYamlFile } from '../yaml/yaml-file.ts';

/** One subgraph of a `supergraph.yaml`. */
export interface SubgraphSource {
  name: string;
  routingUrl: string;
  /** Absolute path of its schema. */
  schemaFile: string;
}

const UNSUPPORTED = 'only `schema: { file: … }` is supported here: write the schema to a file';

const supergraphYaml = z.strictObject({
  federation_version: z
    .union([z.string(), z.number()])
    .optional()
    .refine((version) => version === undefined || /^=?2(\.\d+){0,2}$/.test(String(version)), {
      error: 'must be Federation 2, such as `2` or `=2.14.4`',
    }),
  subgraphs: z
    .record(
      z.string().regex(/^[A-Za-z][\w-]{0,63}$/, 'a subgraph’s name is letters, digits, `_` and `-`'),
      z.strictObject({
        routing_url: z.string({ error: 'is required: where the subgraph serves GraphQL' }).min(1),
        schema: z.strictObject(
          {
            file: z.string({ error: 'is required' }).min(1),
            subgraph_url: z.undefined({ error: UNSUPPORTED }).optional(),
            introspection_headers: z.undefined({ error: UNSUPPORTED }).optional(),
            graphref: z.undefined({ error: UNSUPPORTED }).optional(),
            subgraph: z.undefined({ error: UNSUPPORTED }).optional(),
          },
          {
            error: (issue) =>
              issue.code === 'invalid_type' ? 'is required: `schema: { file: … }`' : undefined,
          },
        ),
      }),
    )
    .refine((subgraphs) => Object.keys(subgraphs).length > 0, { error: 'names no subgraph' }),
});

/**
 * Reads a `supergraph.yaml`, the file that `rover supergraph compose --config` takes
 * (https://www.apollographql.com/docs/rover/commands/supergraphs).
 *
 * @param file - schema paths in it are relative to its folder
 * @throws StartupError with a line for each problem: `file:line:column key: what is wrong`
 */
export async function readSupergraphConfig(file: string): Promise<SubgraphSource[]> {
  const { content } = await readYamlFile(file, supergraphYaml, 'SUPERGRAPH');
  return Object.entries(content.subgraphs).map(([name, { routing_url, schema }]) => ({
    name,
    routingUrl: routing_url,
    schemaFile: resolve(dirname(file), schema.file),
  }));
}
