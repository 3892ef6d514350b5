import type { HttpAnswer } from '../http-post.ts';
import { type BodyReader, bodyReaderFor } from './response-body.ts';
import { MalformedResponseError, parseResponseHead, type ResponseHead } from './response-head.ts';

const HEAD_LIMIT = 16_384; // bytes, as Node's own servers and clients have it
const END_OF_HEAD = '\r\n\r\n';

/** A response that has been read to its end. */
export interface ReadResponse extends HttpAnswer {
  /** Whether the connection may be used again. */
  isPersistent: boolean;
}

/** Reads one response from the bytes of a connection. */
export class ResponseReader {
  readonly #limit: number;
  #start: Buffer | null = null;
  #head: ResponseHead | null = null;
  #body: BodyReader | null = null;

  /** @param limit - most bytes of the body */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Takes bytes in; those that are needed later are copied.
   *
   * @returns the response, when it is there to its end
   * @throws MalformedResponseError, or undici's error for a body that is too large
   */
  read(received: Buffer): ReadResponse | undefined {
    let bytes = this.#start ? Buffer.concat([this.#start, received]) : received;
    this.#start = null;
    while (!this.#body) {
      const end = bytes.indexOf(END_OF_HEAD);
      if ((end === -1 ? bytes.length : end) > HEAD_LIMIT) {
        throw new MalformedResponseError('the headers are too long');
      }
      if (end === -1) {
        this.#start = Buffer.from(bytes);
        return undefined;
      }
      const head = parseResponseHead(bytes.toString('latin1', 0, end));
      bytes = bytes.subarray(end + END_OF_HEAD.length);
      // What comes before the response proper says nothing that matters here (RFC 9110, section 15.2).
      if (head.statusCode < 200) continue;
      this.#head = head;
      this.#body = bodyReaderFor(head, this.#limit);
    }
    return this.#finished(this.#body.read(bytes), true);
  }

  /** The connection has ended. @returns the response, when that is its end */
  end(): ReadResponse | undefined {
    return this.#finished(this.#body?.end(), false);
  }

  #finished(text: string | undefined, isOpen: boolean): ReadResponse | undefined {
    if (text === undefined || !this.#head) return undefined;
    const { statusCode, headers, isPersistent } = this.#head;
    return { statusCode, headers, text, isPersistent: isPersistent && isOpen };
  }
}
