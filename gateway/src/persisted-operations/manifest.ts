import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { StartupError } from '@tributary/platform';
import { z } from 'zod';

/** An operation that a client was built with. */
export interface PersistedOperation {
  id: string;
  /** The text of the document. */
  body: string;
  /** What clients send as `operationName`; undefined where the manifest does not say. */
  name: string | undefined;
  /** The manifest that it is in, as people read it. */
  file: string;
}

/** The operations of all manifests. */
export interface PersistedOperations {
  readonly all: readonly PersistedOperation[];
  /** The text with an id: that of the manifest, or the SHA-256 of the text in hexadecimal digits. */
  find(id: string): string | undefined;
  /** Whether there is an operation with this text, to the last character. */
  hasText(text: string): boolean;
}

/** The SHA-256 of a text, as persisted queries have it. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Of `@apollo/generate-persisted-query-manifest`; a name is what the client sends as `operationName`. */
const apolloManifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1, 'must be 1'),
  operations: z.array(
    z.object({
      id: z.string().min(1),
      body: z.string().min(1),
      name: z.string().min(1).optional(),
      type: z.enum(['query', 'mutation', 'subscription']).optional(),
    }),
  ),
});

/** Of the Relay compiler, `persistConfig`: texts by id. */
const relayManifest = z.record(z.string().min(1), z.string().min(1));

/**
 * Reads manifests.
 *
 * @param files - absolute paths
 * @throws StartupError with a line for each problem
 */
export async function readManifests(files: readonly string[]): Promise<PersistedOperations> {
  const problems: string[] = [];
  const all: PersistedOperation[] = [];
  const texts = new Map<string, string>();
  for (const file of files) {
    const name = relative('.', file);
    const read = await readManifest(file, name);
    problems.push(...read.problems.map((problem) => `${name}: ${problem}`));
    for (const operation of read.operations) {
      const known = texts.get(operation.id);
      if (known !== undefined && known !== operation.body)
        problems.push(`${name}: the id ${operation.id} stands for two different texts`);
      texts.set(operation.id, operation.body);
      if (known === undefined) all.push(operation);
    }
  }
  if (problems.length > 0) throw new StartupError(problems.join('\n'));
  for (const { body } of all) texts.set(hashOf(body), body);
  const bodies = new Set(texts.values());
  return { all, find: (id) => texts.get(id), hasText: (text) => bodies.has(text) };
}

interface ReadManifest {
  operations: readonly PersistedOperation[];
  problems: readonly string[];
}

async function readManifest(path: string, file: string): Promise<ReadManifest> {
  const failed = (...problems: string[]): ReadManifest => ({ operations: [], problems });
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return failed(code === undefined ? 'is not JSON' : `cannot be read (${code})`);
  }
  const isApollo = typeof content === 'object' && content !== null && 'format' in content;
  const apollo = apolloManifest.safeParse(content);
  if (apollo.success) {
    const operations = apollo.data.operations.map(({ id, body, name }) => ({ id, body, name, file }));
    return { operations, problems: [] };
  }
  if (isApollo)
    return failed(...apollo.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
  const relay = relayManifest.safeParse(content);
  if (!relay.success) return failed('is neither a manifest of Apollo’s nor one of Relay’s');
  const operations = Object.entries(relay.data).map(([id, body]) => ({ id, body, name: undefined, file }));
  return { operations, problems: [] };
}
