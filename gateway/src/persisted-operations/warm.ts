import type { Logger } from '@tributary/platform';
import { parse } from 'graphql';
import { deferVariables } from '../execution/defer/document.ts';
import type { Executor } from '../execution/executor.ts';
import type { PersistedOperations } from './manifest.ts';

/**
 * Compiles the operations of manifests, one at a time with time for requests between, so that the first who asks for one
 * need not wait. The log tells which the supergraph cannot run.
 *
 * @param isWanted - whether to go on
 */
export async function warm(
  executor: Executor,
  { all }: PersistedOperations,
  logger: Logger,
  isWanted: () => boolean,
): Promise<void> {
  for (const { id, body: source, name, file } of all) {
    await new Promise(setImmediate);
    if (!isWanted()) return;
    try {
      const document = parse(source, { noLocation: true });
      // What is deferred depends on the request.
      if (!deferVariables(document)) await executor.adopt({ source, document, operationName: name });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      logger.warn({ file, operation: name, id, reason }, 'an operation of a manifest cannot be run');
    }
  }
}
