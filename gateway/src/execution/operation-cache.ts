import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { type DocumentNode, type GraphQLSchema, getOperationAST, validate } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Labelling } from '../caching/labels/labelling.ts';
import { type SettledDocument, settle } from './defer/document.ts';
import { CompiledOperation } from './operation.ts';
import type { Planner } from './planner.ts';
import { unresolvedOperation } from './unresolved-operation.ts';

/** An operation as a client sends it, parsed and valid. */
export interface ClientOperation {
  /** The document's text. */
  source: string;
  document: DocumentNode;
  operationName: string | undefined;
  /**
   * The values of the variables that decide what is deferred; null to defer nothing. @default nothing in the document
   * can be deferred
   */
  deferring?: Readonly<Record<string, unknown>> | null;
}

interface Entry {
  client: ClientOperation;
  compiled: CompiledOperation;
}

/** How many operations of the supergraph before are compiled again when a new one comes. */
const WARMED = 200;

/** What a compiled operation takes, by its text. On the heap it was 17 kB for 92 characters, 179 kB for 872. */
const BYTES_PER_CHARACTER = 200;

/** The operations that are compiled for one supergraph, up to a number of bytes. */
export class OperationCache {
  readonly #planner: Planner;
  readonly #labelling: Labelling | null;
  readonly #entries: LRUCache<string, Entry>;

  /**
   * @param maxBytes - about how many bytes are kept; those used longest ago go first
   * @param labelling - finds out what caches need to know; null when nothing is kept
   */
  constructor(planner: Planner, maxBytes: number, labelling: Labelling | null) {
    this.#planner = planner;
    this.#labelling = labelling;
    this.#entries = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: ({ client }) => client.source.length * BYTES_PER_CHARACTER,
    });
  }

  /** What clients see of its supergraph. */
  get apiSchema(): GraphQLSchema {
    return this.#planner.apiSchema;
  }

  /**
   * The compiled form of an operation.
   *
   * @throws GraphQLError when it cannot be planned
   */
  get(client: ClientOperation): CompiledOperation {
    const key = keyOf(client.source, client.operationName, client.deferring);
    let entry = this.#entries.get(key);
    if (!entry) {
      entry = { client, compiled: this.#compile(client) };
      this.#entries.set(key, entry);
    }
    return entry.compiled;
  }

  /** Whether an operation has been compiled. */
  has({ source, operationName, deferring }: ClientOperation): boolean {
    return this.#entries.has(keyOf(source, operationName, deferring));
  }

  /** The compiled form of an operation by its text, when it has been compiled. */
  find(source: string, operationName: string | undefined): CompiledOperation | undefined {
    const entry = this.#entries.get(keyOf(source, operationName));
    return entry?.client.deferring === undefined ? entry?.compiled : undefined;
  }

  /**
   * The compiled form of an operation that was valid for another supergraph.
   *
   * @throws GraphQLError when it is not valid for this one, or cannot be planned
   */
  adopt(client: ClientOperation): CompiledOperation {
    const known = this.find(client.source, client.operationName);
    if (known) return known;
    const [error] = validate(this.#planner.apiSchema, client.document);
    if (error) throw error;
    return this.get(client);
  }

  /**
   * Compiles what another cache has, the latest first, one at a time with time for requests between. What the new
   * supergraph has no place for is left out.
   *
   * @param isWanted - whether to go on
   */
  async warm(previous: OperationCache, isWanted: () => boolean): Promise<void> {
    const clients = [...previous.#entries.values()].slice(0, WARMED).map(({ client }) => client);
    for (const client of clients) {
      await new Promise(setImmediate);
      if (!isWanted()) return;
      try {
        this.adopt(client);
      } catch {
        // The request that wants it is told why it cannot be planned.
      }
    }
  }

  #compile({ source, document, operationName, deferring }: ClientOperation): CompiledOperation {
    const id = digest([this.#planner.version, operationName, source]);
    if (deferring === undefined) return this.#plan({ document, labels: [] }, operationName, id);
    if (deferring && this.#planner.canDefer) {
      try {
        return this.#plan(settle(document, operationName, deferring), operationName, id);
      } catch {
        // The planner fails on some operations with `@defer`. A server may leave it aside; that it cannot plan an
        // operation at all is found out below.
      }
    }
    return this.#plan(settle(document, operationName, null), operationName, id);
  }

  #plan(
    { document, labels }: SettledDocument,
    operationName: string | undefined,
    id: string,
  ): CompiledOperation {
    const operation = getOperationAST(document, operationName);
    if (!operation) throw unresolvedOperation(document, operationName);
    const { apiSchema, supergraphSchema } = this.#planner;
    const start = performance.now();
    const planned = this.#planner.plan(document, operationName, labels.length > 0);
    const planning = performance.now() - start;
    const schemas = { apiSchema, supergraphSchema };
    const labelling = this.#labelling;
    const source = { ...planned, ...schemas, id, document, operation, planning, labels, labelling };
    return new CompiledOperation(source);
  }
}

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url');

/**
 * No two operations have one key, whatever is sent for a text or a name: a text is looked for before it is parsed. Most
 * requests have a text alone, which is its own key; all others begin with a character that no document begins with.
 */
function keyOf(
  source: string,
  operationName: string | undefined,
  deferring?: Readonly<Record<string, unknown>> | null,
): string {
  if (operationName === undefined && deferring === undefined && !source.startsWith('@')) return source;
  const name = operationName === undefined ? '' : `${operationName.length}:${operationName}`;
  // JSON has no line break of its own, and the length says where the name ends.
  return `@${deferring === undefined ? '' : JSON.stringify(deferring)}\n${name}\n${source}`;
}
