import { hash } from 'node:crypto';
import { type Encoding, encode } from '../server/content-encoding.ts';

/**
 * The body of an answer, with what is made of it on its way out. Who keeps an answer keeps its body, so that each is made
 * once.
 */
export class AnswerBody {
  /** As it is without an encoding. */
  readonly bytes: Buffer;
  readonly #encoded = new Map<Encoding, Buffer | Promise<Buffer>>();
  #digest: string | undefined;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** Tells it from every other body. */
  get digest(): string {
    this.#digest ??= hash('sha256', this.bytes, 'base64url').slice(0, 27);
    return this.#digest;
  }

  /** The body in an encoding. */
  encoded(encoding: Encoding): Buffer | Promise<Buffer> {
    let encoded = this.#encoded.get(encoding);
    if (!encoded) {
      encoded = encode(this.bytes, encoding);
      this.#encoded.set(encoding, encoded);
      if (encoded instanceof Promise) encoded.catch(() => this.#encoded.delete(encoding));
    }
    return encoded;
  }
}
