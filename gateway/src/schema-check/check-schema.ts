import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { StartupError } from '@tributary/platform';
import type { GraphQLSchema } from 'graphql';
import { readGatewayFile } from '../gateway-file.ts';
import { checkOperations } from '../persisted-operations/check.ts';
import { readManifests } from '../persisted-operations/manifest.ts';
import type { SupergraphSnapshot } from '../supergraph/snapshot.ts';
import { loadSupergraph } from '../supergraph/source.ts';
import { type AllowedChange, readAllowedChanges } from './allowed.ts';
import { apiSchemaOf } from './api-schema.ts';
import { compareSchemas, type SchemaChange } from './changes.ts';
import { releasedSupergraph } from './released.ts';
import { changesTable } from './report.ts';

/** What to compare; paths are relative to `folder`. */
export interface SchemaCheckOptions {
  /** A folder of the repository with the supergraph. */
  folder: string;
  /** Supergraph SDL, or a `supergraph.yaml` to compose. */
  supergraph: string;
  /** A file with supergraph SDL, or a commit, branch or tag. @default the last tag `v*` */
  against?: string | undefined;
  /** Files with the operations of clients. @default those of the configuration file */
  manifest?: readonly string[] | undefined;
  /** The gateway's configuration file. @default gateway.yaml, where there is one */
  config?: string | undefined;
  /** A file with the breaking changes that are meant. @default schema-changes.yaml, where there is one */
  allow?: string | undefined;
}

/** What came of it. */
export interface SchemaCheck {
  /** For people. */
  report: string;
  /** One line for each reason to refuse; empty when there is none. */
  problems: readonly string[];
}

/**
 * Compares what clients see of a supergraph with the last release, and runs the check of operations.
 *
 * @throws StartupError for a file that cannot be used
 */
export async function checkSchema(options: SchemaCheckOptions): Promise<SchemaCheck> {
  const at = (path: string) => resolve(options.folder, path);
  const allowed = await readAllowedChanges(
    at(options.allow ?? 'schema-changes.yaml'),
    options.allow !== undefined,
  );
  const released = await releasedSupergraph(options.folder, options.against);
  const { snapshot } = await loadSupergraph(at(options.supergraph));
  const { all: operations } = await readManifests(await manifestsOf(options, snapshot));
  if (released === null)
    return {
      report:
        'there is no release yet (no tag v* before this commit; a shallow clone has none): nothing to compare with\n',
      problems: [],
    };

  const changes = await compareSchemas({
    before: schemaOf(released.sdl, released.name),
    after: schemaOf(snapshot.sdl, options.supergraph),
    operations,
    allowed,
  });
  const broken = operations.length === 0 ? [] : await checkOperations(snapshot.sdl, operations);
  const failing = changes.filter(({ fails }) => fails).length;
  return {
    report: [
      `against ${released.name}, with ${operations.length} operations of clients\n`,
      changesTable(changes, operations.length > 0),
      ...staleLines(allowed, changes),
    ].join(''),
    problems: [
      ...broken.map(
        ({ operation, message }) => `${operation.file} ${operation.name ?? operation.id}: ${message}`,
      ),
      ...(failing > 0
        ? [`breaking changes: ${failing}; take them back, deprecate first, or allow them by name`]
        : []),
    ],
  };
}

const staleLines = (allowed: readonly AllowedChange[], changes: readonly SchemaChange[]): string[] =>
  allowed
    .filter((one) => !changes.some(({ change, path }) => change === one.change && path === one.path))
    .map(
      ({ change, path }) => `${change} of ${path} is allowed and does not happen: it can leave the list\n`,
    );

async function manifestsOf(
  { folder, manifest, config }: SchemaCheckOptions,
  supergraph: SupergraphSnapshot,
): Promise<readonly string[]> {
  if (manifest) return manifest.map((path) => resolve(folder, path));
  const file = resolve(folder, config ?? 'gateway.yaml');
  const given = config !== undefined || existsSync(file) ? file : undefined;
  const { persistedOperations } = await readGatewayFile(given, supergraph, {
    timeout: 1,
    shareFetches: false,
  });
  return persistedOperations?.manifests ?? [];
}

function schemaOf(sdl: string, name: string): GraphQLSchema {
  try {
    return apiSchemaOf(sdl);
  } catch (error) {
    throw new StartupError(`${name} cannot be used: ${(error as Error).message}`);
  }
}
