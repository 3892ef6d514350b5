import type { ExplainConfig, ExplorerConfig } from '../../config.ts';
import type { Explanation } from '../../explanation.ts';
import type { Editors } from '../hand-over.ts';

/** An error of an answer, as far as it is shown. */
export interface ShownError {
  message: string;
  path?: readonly (string | number)[];
  extensions?: { code?: string };
}

/** What came of a run. */
export interface Outcome {
  status: number;
  /** Milliseconds until the whole answer was in the browser. */
  duration: number;
  data: unknown;
  errors: readonly ShownError[];
  /** Undefined when the endpoint told nothing, as for an operation that is not valid. */
  explain: Explanation | undefined;
}

/**
 * Runs an operation and asks how it ran.
 *
 * @throws Error that says what to change
 */
export async function runOperation(
  { endpoint }: ExplorerConfig,
  { header }: ExplainConfig,
  { operation, operationName, variables, headers }: Editors,
): Promise<Outcome> {
  if (!operation.trim()) throw new Error('Operation: there is none. Write or paste one.');
  const body = JSON.stringify({
    query: operation,
    ...(operationName && { operationName }),
    variables: objectIn('Variables', variables),
  });
  const given = objectIn('Headers', headers);
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== 'string') throw new Error(`Headers: the value of "${name}" is not a text.`);
  }
  const start = performance.now();
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { ...(given as Record<string, string>), 'content-type': 'application/json', [header]: '1' },
    body,
  });
  const text = await response.text();
  const duration = performance.now() - start;
  const { data, errors = [], extensions } = answerIn(text, response.status);
  return { status: response.status, duration, data, errors, explain: extensions?.explain };
}

function objectIn(editor: string, text: string): Record<string, unknown> {
  if (!text.trim()) return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${editor}: this is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${editor}: this is not a JSON object.`);
  }
  return value as Record<string, unknown>;
}

function answerIn(text: string, status: number) {
  try {
    return JSON.parse(text) as {
      data?: unknown;
      errors?: ShownError[];
      extensions?: { explain?: Explanation };
    };
  } catch {
    throw new Error(`The endpoint answered with HTTP ${status}, and no JSON.`);
  }
}
