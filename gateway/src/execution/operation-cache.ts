import { type DocumentNode, GraphQLError, getOperationAST, validate } from 'graphql';
import { LRUCache } from 'lru-cache';
import { CompiledOperation } from './operation.ts';
import type { Planner } from './planner.ts';

/** An operation as a client sends it, parsed and valid. */
export interface ClientOperation {
  /** The document's text. */
  source: string;
  document: DocumentNode;
  operationName: string | undefined;
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
  readonly #entries: LRUCache<string, Entry>;

  /** @param maxBytes - about how many bytes are kept; those used longest ago go first */
  constructor(planner: Planner, maxBytes: number) {
    this.#planner = planner;
    this.#entries = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: ({ client }) => client.source.length * BYTES_PER_CHARACTER,
    });
  }

  /**
   * The compiled form of an operation.
   *
   * @throws GraphQLError when it cannot be planned
   */
  get(client: ClientOperation): CompiledOperation {
    const key = keyOf(client.source, client.operationName);
    let entry = this.#entries.get(key);
    if (!entry) {
      entry = { client, compiled: this.#compile(client) };
      this.#entries.set(key, entry);
    }
    return entry.compiled;
  }

  /** The compiled form of an operation by its text, when it has been compiled. */
  find(source: string, operationName: string | undefined): CompiledOperation | undefined {
    return this.#entries.get(keyOf(source, operationName))?.compiled;
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
      if (validate(this.#planner.apiSchema, client.document).length > 0) continue;
      try {
        this.get(client);
      } catch {
        // The request that wants it is told why it cannot be planned.
      }
    }
  }

  #compile({ document, operationName }: ClientOperation): CompiledOperation {
    const operation = getOperationAST(document, operationName);
    if (!operation) throw new GraphQLError('The document has no such operation.');
    const { apiSchema, supergraphSchema } = this.#planner;
    const plan = this.#planner.plan(document, operationName);
    return new CompiledOperation({ document, operation, plan, apiSchema, supergraphSchema });
  }
}

const keyOf = (source: string, operationName: string | undefined): string =>
  operationName === undefined ? source : `${operationName}\n${source}`;
