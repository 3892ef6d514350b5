import type { Logger, Registry } from '@tributary/platform';
import { LRUCache } from 'lru-cache';
import { refusal } from '../errors/gateway-error.ts';
import type { Executor } from '../execution/executor.ts';
import type { OperationCheck } from '../operations/operation-checks.ts';
import { type FileWatch, watchFiles } from '../supergraph/watch.ts';
import { createDoor, type Door, type UnknownOperation } from './door.ts';
import { isIntrospection } from './introspection.ts';
import { hashOf, type PersistedOperations, readManifests } from './manifest.ts';
import { createPersistedMetrics } from './metrics.ts';
import type { PersistedOperationSettings } from './settings.ts';
import { warm } from './warm.ts';

/** Unknown operations that the log told of, which it does once. */
const MOST_TOLD = 1_000;

/** What persisted operations are served with. */
export interface PersistedOperationsOptions {
  settings: PersistedOperationSettings;
  introspection: boolean;
  /** Null when nothing here compiles operations. */
  executor: Executor | null;
  /** Has the metrics tell these operations apart before others. */
  preferOperations(names: Iterable<string>): void;
  registry: Registry;
  logger: Logger;
}

/** The operations that clients were built with, served. */
export interface ServedPersistedOperations {
  door: Door;
  /** Refuses in the safelist mode what is not in a manifest, whichever way it came to be run. */
  check: OperationCheck;
  /** Compiles the operations in the background, and follows the manifests. @param onChange - told of new ones */
  start(onChange: () => void): Promise<void>;
  close(): Promise<void>;
}

/**
 * Reads the manifests, and prepares to serve them.
 *
 * @throws StartupError when one of them is not one
 */
export async function createPersistedOperations(
  options: PersistedOperationsOptions,
): Promise<ServedPersistedOperations> {
  const { settings, introspection, executor, preferOperations, registry, logger } = options;
  let operations = await readManifests(settings.manifests);
  preferOperations(namesOf(operations));
  let watch: FileWatch | undefined;
  let isClosed = false;
  const warmUp = () => {
    const wanted = operations;
    if (executor) void warm(executor, wanted, logger, () => wanted === operations && !isClosed);
  };
  const reload = async (onChange: () => void) => {
    try {
      operations = await readManifests(settings.manifests);
      preferOperations(namesOf(operations));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      logger.error(`the changed manifests are not used, those before go on\n${reason}`);
      return;
    }
    logger.info({ operations: operations.all.length }, 'the manifests of operations were swapped');
    onChange();
    warmUp();
  };
  return {
    door: createDoor({
      ...settings,
      introspection,
      operations: () => operations,
      count: createPersistedMetrics(registry),
      onUnknown: createTeller(logger),
    }),
    check({ source }) {
      if (settings.mode !== 'safelist' || operations.hasText(source)) return undefined;
      if (introspection && isIntrospection(source)) return undefined;
      throw refusal('QUERY_NOT_IN_SAFELIST');
    },
    async start(onChange) {
      warmUp();
      watch = await watchFiles(
        settings.manifests,
        () => reload(onChange),
        (err) => logger.error({ err }, 'persisted_operations: a manifest cannot be watched'),
      );
    },
    async close() {
      isClosed = true;
      await watch?.close();
    },
  };
}

/** Tells of each unknown operation once, by what an operator finds it with: who sends nonsense is not to fill the log. */
function createTeller(logger: Logger): (unknown: UnknownOperation) => void {
  const told = new LRUCache<string, true>({ max: MOST_TOLD });
  return ({ text, id, isRefused }) => {
    const hash = text === null ? String(id).slice(0, 100) : hashOf(text);
    if (told.has(hash)) return;
    told.set(hash, true);
    const operation = text === null ? undefined : nameIn(text);
    logger.warn({ operation, hash, refused: isRefused }, 'an operation is in no manifest');
  };
}

const namesOf = ({ all }: PersistedOperations): string[] =>
  all.flatMap(({ name, body }) => name ?? nameIn(body) ?? []);

const nameIn = (text: string): string | undefined =>
  /^\s*(?:query|mutation|subscription)\s+(\w{1,100})/m.exec(text)?.[1];
