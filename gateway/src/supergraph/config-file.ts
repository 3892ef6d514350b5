import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { StartupError } from '@tributary/platform';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';

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
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new StartupError(`SUPERGRAPH: ${relative('.', file)} cannot be read (${error.code})`);
  });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${relative('.', file)}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw new StartupError(
      document.errors.map((error) => `${at(error.pos[0])} ${error.message.split('\n')[0]}`).join('\n'),
    );
  }

  const result = supergraphYaml.safeParse(document.toJS());
  if (!result.success) {
    throw new StartupError(
      result.error.issues
        .flatMap((issue) => describe(issue))
        .map(
          ({ path, message }) =>
            `${at(offsetOf(document, path))} ${path.join('.') || 'the file'}: ${message}`,
        )
        .join('\n'),
    );
  }
  return Object.entries(result.data.subgraphs).map(([name, { routing_url, schema }]) => ({
    name,
    routingUrl: routing_url,
    schemaFile: resolve(dirname(file), schema.file),
  }));
}

function describe(issue: z.core.$ZodIssue): { path: PropertyKey[]; message: string }[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'is not a key of this file' }));
  }
  if (issue.code === 'invalid_key')
    return [{ path: issue.path, message: issue.issues[0]?.message ?? issue.message }];
  return [{ path: issue.path, message: issue.message }];
}

/** Where the value at a path is, or the nearest thing around it that is there. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}
