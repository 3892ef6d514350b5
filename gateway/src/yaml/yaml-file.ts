import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { StartupError } from '@tributary/platform';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';

/** A YAML file that was read and checked. */
export interface YamlFile<T> {
  content: T;
  /** A problem as a line for people: `file:line:column key: what is wrong`. */
  problem(path: readonly PropertyKey[], message: string): string;
}

/**
 * Reads a YAML file and checks it with a schema.
 *
 * @param setting - the setting that names the file, for the message when it cannot be read
 * @throws StartupError with a line for each problem: `file:line:column key: what is wrong`
 */
export async function readYamlFile<T extends z.ZodType>(
  file: string,
  schema: T,
  setting: string,
): Promise<YamlFile<z.infer<T>>> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new StartupError(`${setting}: ${relative('.', file)} cannot be read (${error.code})`);
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

  const problem = (path: readonly PropertyKey[], message: string) =>
    `${at(offsetOf(document, path))} ${path.join('.') || 'the file'}: ${message}`;
  const result = schema.safeParse(document.toJS());
  if (result.success) return { content: result.data, problem };
  throw new StartupError(
    result.error.issues
      .flatMap((issue) => describe(issue))
      .map(({ path, message }) => problem(path, message))
      .join('\n'),
  );
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
