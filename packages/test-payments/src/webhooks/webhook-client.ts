import { SIGNATURE_HEADER, signWebhook } from './sign-webhook.ts';

export interface WebhookClientOptions {
  url: string | undefined;
  secret: string;
  /** Milliseconds for one answer. */
  timeout: number;
}

/** Posts webhooks, signed. */
export class WebhookClient {
  /** Where to; undefined as long as nobody wants them. */
  url: string | undefined;
  readonly #secret: string;
  readonly #timeout: number;
  readonly #closing = new AbortController();

  constructor({ url, secret, timeout }: WebhookClientOptions) {
    this.url = url;
    this.#secret = secret;
    this.#timeout = timeout;
  }

  /** Aborted by `close`. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** @returns the status of the answer; null when none came in time */
  async post(url: string, body: string): Promise<number | null> {
    const seconds = Math.floor(Date.now() / 1_000);
    try {
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.any([this.closing, AbortSignal.timeout(this.#timeout)]),
        headers: {
          'content-type': 'application/json',
          'user-agent': 'tributary-test-payments',
          [SIGNATURE_HEADER]: signWebhook(body, this.#secret, seconds),
        },
        body,
      });
      await response.body?.cancel();
      return response.status;
    } catch {
      return null;
    }
  }

  /** Breaks off what is being sent. */
  close(): void {
    this.#closing.abort();
  }
}
