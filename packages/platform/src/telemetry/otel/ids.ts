import { randomFillSync } from 'node:crypto';
import type { IdGenerator } from '@opentelemetry/sdk-trace';

const TRACE_BYTES = 16;
const SPAN_BYTES = 8;
/** Bytes that are drawn at once: a call for each id took longer than all else that a request costs that is not recorded. */
const POOL = 4_096;

/**
 * Random ids of traces and spans, as W3C Trace Context has them. Whether a trace is recorded is decided by its id: one for
 * which that is done is kept by `keep`, and is the next that a trace gets.
 */
export class Ids implements IdGenerator {
  readonly #pool = Buffer.allocUnsafe(POOL);
  #used = POOL;
  #kept: string | null = null;

  generateTraceId(): string {
    const id = this.#kept ?? this.#draw(TRACE_BYTES);
    this.#kept = null;
    return id;
  }

  generateSpanId(): string {
    return this.#draw(SPAN_BYTES);
  }

  keep(traceId: string): void {
    this.#kept = traceId;
  }

  /** In hexadecimal digits, never all of them 0. */
  #draw(bytes: number): string {
    if (this.#used + bytes > POOL) {
      randomFillSync(this.#pool);
      this.#used = 0;
    }
    const id = this.#pool.toString('hex', this.#used, this.#used + bytes);
    this.#used += bytes;
    return /[^0]/.test(id) ? id : this.#draw(bytes);
  }
}
