import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@tributary/platform';
import type { WebhookMode } from '../payments/behaviour.ts';
import type { PaymentEvent } from '../payments/payment.ts';
import type { Work } from '../work.ts';
import type { WebhookClient } from './webhook-client.ts';

/** One try to deliver an event. */
export interface Attempt {
  readonly eventId: string;
  /** Of the answer; null when none came in time. */
  readonly status: number | null;
}

export interface DeliveriesOptions {
  client: WebhookClient;
  /** Milliseconds before each further try; there is one try more than there are pauses. */
  retryDelays: readonly number[];
  work: Work;
  logger: Logger;
}

/** An event on its way. */
interface Delivery {
  event: PaymentEvent;
  /** How many tries were in vain. */
  failed: number;
  /** Called when the event was taken, or given up. */
  onEnd?: () => void;
}

/** Brings events to who wants them, as each payment's plan says, and again until they are taken. */
export class Deliveries {
  /** In the order of their answers. */
  readonly attempts: Attempt[] = [];
  readonly #options: DeliveriesOptions;
  /** Events that only `deliver` sends, or the next event of their payment. */
  readonly #waiting = new Set<PaymentEvent>();
  /** Those that `release` sends on; null when nothing is held. */
  #held: Delivery[] | null = null;

  constructor(options: DeliveriesOptions) {
    this.#options = options;
  }

  /** Takes an event that has just happened. */
  dispatch(event: PaymentEvent, mode: WebhookMode): void {
    if (mode === 'late') this.#waiting.add(event);
    if (mode === 'reordered') this.#dispatchReordered(event);
    if (mode === 'once' || mode === 'twice') this.#send({ event, failed: 0 });
    if (mode === 'twice') this.#send({ event, failed: 0 });
  }

  #dispatchReordered(event: PaymentEvent): void {
    const earlier = [...this.#waiting].find(({ data }) => data.payment.id === event.data.payment.id);
    if (!earlier) {
      this.#waiting.add(event);
      return;
    }
    this.#waiting.delete(earlier);
    this.#send({ event, failed: 0, onEnd: () => this.#send({ event: earlier, failed: 0 }) });
  }

  /**
   * Sends events now, each once, whatever the plan says and even while others are held.
   *
   * @throws Error when nobody wants them
   */
  async deliver(events: Iterable<PaymentEvent>): Promise<Attempt[]> {
    const attempts: Attempt[] = [];
    for (const event of [...events]) {
      this.#waiting.delete(event);
      const attempt = await this.#attempt(event);
      if (!attempt) throw new Error('setWebhookUrl: there is no address to deliver to');
      attempts.push(attempt);
    }
    return attempts;
  }

  /** Events that wait for `deliver`. */
  get waiting(): ReadonlySet<PaymentEvent> {
    return this.#waiting;
  }

  /** Nothing is sent any more, until `release`. */
  hold(): void {
    this.#held ??= [];
  }

  /** Sends what was held, in the order in which it came. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const delivery of held) this.#send(delivery);
  }

  #send(delivery: Delivery): void {
    if (this.#held) this.#held.push(delivery);
    else if (!this.#options.client.closing.aborted) this.#options.work.track(this.#try(delivery));
  }

  async #try(delivery: Delivery): Promise<void> {
    const { client, retryDelays, logger } = this.#options;
    const { event, failed, onEnd } = delivery;
    const attempt = await this.#attempt(event);
    const pause = retryDelays[failed];
    if (!attempt || isTaken(attempt) || pause === undefined) {
      if (attempt && !isTaken(attempt))
        logger.warn({ ...attempt, type: event.type }, 'a webhook is given up');
      onEnd?.();
      return;
    }
    logger.debug({ ...attempt, type: event.type }, 'a webhook was not taken; trying again');
    const isOpen = await sleep(pause, true, { signal: client.closing }).catch(() => false);
    if (isOpen) this.#send({ ...delivery, failed: failed + 1 });
  }

  /** @returns null when there is no address */
  async #attempt(event: PaymentEvent): Promise<Attempt | null> {
    const { client } = this.#options;
    if (client.url === undefined) return null;
    const attempt = { eventId: event.id, status: await client.post(client.url, JSON.stringify(event)) };
    this.attempts.push(attempt);
    return attempt;
  }
}

const isTaken = ({ status }: Attempt): boolean => status !== null && status >= 200 && status < 300;
