import { performance } from 'node:perf_hooks';
import { connectRedisSubscriber, type Logger } from '@tributary/platform';

/** Between two questions whether the connection still is one. */
const PING_INTERVAL = 250; // ms
/** How long what is in memory counts after the last answer. */
const CONFIRMED_FOR = 1_000; // 1 second
/** A connection that is silent for so long is made anew. */
const SILENT_FOR = 5_000; // 5 seconds

export interface ChangeSubscriberOptions {
  url: string;
  channel: string;
  logger: Logger;
  onMessage(message: string): void;
  /** Messages are heard from now on; what came before may have been missed. */
  onGap(): void;
}

/** Hears of changes, and knows how long ago it certainly did. */
export class ChangeSubscriber {
  readonly #redis;
  readonly #options: ChangeSubscriberOptions;
  readonly #timer: NodeJS.Timeout;
  #subscribed = false;
  /** All that was published before has been heard; by the monotonic clock. */
  #confirmedAt = 0;

  constructor(options: ChangeSubscriberOptions) {
    this.#options = options;
    this.#redis = connectRedisSubscriber(options.url, options.logger, {
      // A later answer confirms nothing any more.
      commandTimeout: CONFIRMED_FOR,
    });
    this.#redis.on('message', (_channel, message: string) => options.onMessage(message));
    this.#redis.on('ready', () => void this.#listen());
    this.#redis.on('close', () => {
      this.#subscribed = false;
    });
    this.#timer = setInterval(() => void this.#confirm(), PING_INTERVAL);
    this.#timer.unref();
  }

  /** Whether nothing was missed up to a second ago. */
  get hears(): boolean {
    return this.#subscribed && performance.now() - this.#confirmedAt <= CONFIRMED_FOR;
  }

  /** Connects anew: it may be the wrong server that is listened to. */
  reconnect(): void {
    this.#subscribed = false;
    this.#redis.disconnect(true);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#subscribed = false;
    this.#redis.disconnect();
  }

  async #listen(): Promise<void> {
    const asked = performance.now();
    try {
      await this.#redis.subscribe(this.#options.channel);
    } catch (error) {
      if (this.#redis.status !== 'ready') return; // it comes back, and this is done again
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.logger.warn({ reason }, 'Redis takes no subscriptions to invalidations; connecting anew');
      this.reconnect();
      return;
    }
    this.#options.onGap();
    this.#confirmedAt = asked;
    this.#subscribed = true;
  }

  /** Answers come in the order of the messages: after one, all that was published before the question was heard. */
  async #confirm(): Promise<void> {
    if (!this.#subscribed) return;
    const asked = performance.now();
    try {
      await this.#redis.ping();
      this.#confirmedAt = Math.max(this.#confirmedAt, asked);
    } catch {
      if (this.#subscribed && asked - this.#confirmedAt > SILENT_FOR) {
        this.#options.logger.warn('Redis is silent on invalidations; connecting anew');
        this.reconnect();
      }
    }
  }
}
