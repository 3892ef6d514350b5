import { errors } from 'undici';
import { MalformedResponseError, type ResponseHead } from './response-head.ts';

/** Reads the body of a response as its bytes come in. */
export interface BodyReader {
  /**
   * Takes bytes in. They are copied when they are needed later.
   *
   * @returns the body, when it is there to its end
   * @throws MalformedResponseError, ResponseExceededMaxSizeError
   */
  read(bytes: Buffer): string | undefined;
  /** The connection has ended. @returns the body when that is its end; undefined when something is missing */
  end(): string | undefined;
}

const LENGTH = /^\d{1,15}$/;

/**
 * How the body of a response to a POST is delimited (RFC 9112, section 6.3).
 *
 * @param limit - most bytes of the body
 * @throws MalformedResponseError when that is said in two ways, ResponseExceededMaxSizeError
 */
export function bodyReaderFor({ statusCode, headers }: ResponseHead, limit: number): BodyReader {
  const length = headers['content-length'];
  const encoding = headers['transfer-encoding'];
  if (statusCode === 204 || statusCode === 304) return new FixedBody(0);
  if (encoding !== undefined) {
    if (length !== undefined) throw new MalformedResponseError('it has a length and a transfer encoding');
    if (String(encoding).toLowerCase() !== 'chunked') {
      throw new MalformedResponseError('the transfer encoding is not known');
    }
    return new ChunkedBody(limit);
  }
  if (length === undefined) return new BodyUntilEnd(limit);
  if (!LENGTH.test(String(length))) throw new MalformedResponseError('the length is wrong');
  if (Number(length) > limit) throw new errors.ResponseExceededMaxSizeError();
  return new FixedBody(Number(length));
}

/** A body of a length that is known. */
class FixedBody implements BodyReader {
  readonly #parts: Buffer[] = [];
  #missing: number;

  constructor(length: number) {
    this.#missing = length;
  }

  read(bytes: Buffer): string | undefined {
    this.#missing -= bytes.length;
    if (this.#missing < 0) throw new MalformedResponseError('there is more than one response');
    if (this.#missing > 0) {
      if (bytes.length > 0) this.#parts.push(Buffer.from(bytes));
      return undefined;
    }
    return this.#parts.length === 0 ? decode(bytes) : decode(Buffer.concat([...this.#parts, bytes]));
  }

  end(): undefined {}
}

/** Parts of a body of which the length is not known before. */
class Parts {
  readonly #limit: number;
  readonly #parts: Buffer[] = [];
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Adds a copy. */
  add(bytes: Buffer): void {
    this.#length += bytes.length;
    if (this.#length > this.#limit) throw new errors.ResponseExceededMaxSizeError();
    this.#parts.push(Buffer.from(bytes));
  }

  get text(): string {
    return decode(Buffer.concat(this.#parts));
  }
}

/** A body that lasts until the connection ends. */
class BodyUntilEnd implements BodyReader {
  readonly #parts: Parts;

  constructor(limit: number) {
    this.#parts = new Parts(limit);
  }

  read(bytes: Buffer): undefined {
    this.#parts.add(bytes);
  }

  end(): string {
    return this.#parts.text;
  }
}

const LINE_LIMIT = 4_096; // bytes of a chunk's size with its extensions, or of a trailer
const CHUNK_SIZE = /^([\da-f]{1,12})[ \t]*(?:;|$)/i;

/** What comes next in a body of chunks. */
type Expected = 'size' | 'data' | 'end of chunk' | 'trailer' | 'nothing';

/** A body in chunks, each with its size before it (RFC 9112, section 7.1). Extensions and trailers are left out. */
class ChunkedBody implements BodyReader {
  readonly #parts: Parts;
  /** The start of a line of which the end has not come. */
  #line: Buffer = Buffer.alloc(0);
  #expected: Expected = 'size';
  /** Bytes of the chunk's data that are missing. */
  #missing = 0;

  constructor(limit: number) {
    this.#parts = new Parts(limit);
  }

  read(bytes: Buffer): string | undefined {
    let rest = bytes;
    while (rest.length > 0) {
      if (this.#expected === 'nothing') throw new MalformedResponseError('there is more than one response');
      rest = this.#expected === 'data' ? this.#readData(rest) : this.#readLine(rest);
    }
    return this.#expected === 'nothing' ? this.#parts.text : undefined;
  }

  end(): undefined {}

  /** @returns what comes after it */
  #readData(bytes: Buffer): Buffer {
    const data = bytes.subarray(0, this.#missing);
    this.#parts.add(data);
    this.#missing -= data.length;
    if (this.#missing === 0) this.#expected = 'end of chunk';
    return bytes.subarray(data.length);
  }

  /** @returns what comes after it; nothing while its end has not come */
  #readLine(bytes: Buffer): Buffer {
    const known = this.#line.length > 0 ? Buffer.concat([this.#line, bytes]) : bytes;
    const end = known.indexOf('\r\n');
    if (end === -1) {
      if (known.length > LINE_LIMIT) throw new MalformedResponseError('a line between chunks is too long');
      this.#line = Buffer.from(known);
      return bytes.subarray(bytes.length);
    }
    this.#line = Buffer.alloc(0);
    this.#takeLine(known.toString('latin1', 0, end));
    return known.subarray(end + 2);
  }

  #takeLine(line: string): void {
    if (this.#expected === 'size') {
      const [, size] = CHUNK_SIZE.exec(line) ?? [];
      if (size === undefined) throw new MalformedResponseError('the size of a chunk is wrong');
      this.#missing = Number.parseInt(size, 16);
      this.#expected = this.#missing === 0 ? 'trailer' : 'data';
    } else if (this.#expected === 'trailer') {
      if (line === '') this.#expected = 'nothing';
    } else {
      if (line !== '') throw new MalformedResponseError('a chunk does not end where it should');
      this.#expected = 'size';
    }
  }
}

/** A byte order mark is no part of a text (RFC 8259, section 8.1). */
export function decode(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
