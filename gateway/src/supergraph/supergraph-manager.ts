import type {
  SupergraphManager as ApolloSupergraphManager,
  SupergraphSdlUpdateFunction,
} from '@apollo/gateway';
import { type Logger, StartupError } from '@tributary/platform';
import { LOCAL_SCHEME, NODE_SUBGRAPH_URL, type SupergraphSnapshot } from './snapshot.ts';
import { type LoadedSupergraph, loadSupergraph } from './source.ts';
import { type FileWatch, watchFiles } from './watch.ts';

/**
 * Takes over a supergraph that `ApolloGateway` has loaded.
 *
 * @param use - to be called in the same step
 * @param isWanted - whether it is still to be taken over
 */
export type TakeOver = (use: () => void, isWanted: () => boolean) => Promise<void>;

/**
 * Holds the supergraph in use, and swaps it for a newer one in one step: an operation runs to its end on what it
 * started with, and a supergraph that cannot be used is never let in.
 */
export class SupergraphManager implements ApolloSupergraphManager {
  readonly #path: string;
  readonly #logger: Logger;
  #loaded: LoadedSupergraph;
  #update: SupergraphSdlUpdateFunction | undefined;
  #takeOver: TakeOver | undefined;
  #watch: FileWatch | undefined;
  #isClosed = false;

  private constructor(path: string, loaded: LoadedSupergraph, logger: Logger) {
    this.#path = path;
    this.#loaded = loaded;
    this.#logger = logger;
  }

  /**
   * Loads a supergraph for the first time.
   *
   * @param path - SDL, or a `supergraph.yaml`
   * @throws StartupError when it cannot be used
   */
  static async load(path: string, logger: Logger): Promise<SupergraphManager> {
    const loaded = await loadSupergraph(path);
    refuseUnknownLocals(loaded.snapshot);
    return new SupergraphManager(path, loaded, logger);
  }

  /** The supergraph in use. */
  get current(): SupergraphSnapshot {
    return this.#loaded.snapshot;
  }

  /** Called once by `ApolloGateway`, when it loads. */
  async initialize({ update }: { update: SupergraphSdlUpdateFunction }) {
    this.#update = update;
    return { supergraphSdl: this.current.sdl };
  }

  /** Has somebody say when a supergraph that was loaded takes over. @default at once */
  takeOverWith(takeOver: TakeOver): void {
    this.#takeOver = takeOver;
  }

  /** Follows the supergraph's files from now on. */
  async startWatching(): Promise<void> {
    this.#watch = await watchFiles(
      this.#loaded.files,
      () => this.#reload(),
      (err) => this.#logger.error({ err }, 'SUPERGRAPH_WATCH: a file cannot be watched'),
    );
    this.#logger.info({ files: this.#loaded.files.length }, 'watching the supergraph’s files');
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#watch?.close();
  }

  async #reload(): Promise<void> {
    const previous = this.#loaded;
    try {
      const next = await loadSupergraph(this.#path);
      this.#watch?.replace(next.files);
      if (next.snapshot.sdl === previous.snapshot.sdl) return;
      refuseUnknownLocals(next.snapshot);
      const use = () => {
        this.#loaded = next;
      };
      if (!this.#takeOver) use();
      this.#update?.(next.snapshot.sdl);
      await this.#takeOver?.(use, () => !this.#isClosed);
      this.#logger.info('the supergraph was swapped');
    } catch (error) {
      this.#loaded = previous;
      const reason = error instanceof Error ? error.message : String(error);
      this.#logger.error(`the changed supergraph is not used, the one before goes on\n${reason}`);
    }
  }
}

function refuseUnknownLocals({ subgraphs }: SupergraphSnapshot): void {
  for (const [name, url] of subgraphs) {
    if (url.startsWith(LOCAL_SCHEME) && url !== NODE_SUBGRAPH_URL) {
      throw new StartupError(
        `SUPERGRAPH: subgraph "${name}" has the routing URL ${url}; only ${NODE_SUBGRAPH_URL} is answered by the gateway`,
      );
    }
  }
}
