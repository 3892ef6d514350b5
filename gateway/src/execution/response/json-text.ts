const CAPACITY = 65_536; // bytes to begin with
const MAX_KEPT = 4_194_304; // bytes that are kept for the next text

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Longest text that is copied character by character; above, the engine's own way is faster. */
const SHORT = 48; // characters

/** What cannot stand in a JSON string as it is, or is more than one byte in UTF-8. */
const SPECIAL = /[^ !#-[\]-~]/;

const NULL = Buffer.from('null');

/** What is kept between two texts: they are written one after the other, each without a pause. */
let kept = Buffer.allocUnsafeSlow(CAPACITY);

/**
 * A JSON text that is being written, as UTF-8 bytes.
 *
 * Put together from strings, an answer of 80 kB left three times its size to the garbage collector, and was copied twice
 * more on its way to the socket.
 */
export class JsonText {
  #bytes = kept;
  #length = 0;

  /** How many bytes there are. */
  get length(): number {
    return this.#length;
  }

  /** Takes back what was written since there were `length` bytes. */
  truncate(length: number): void {
    this.#length = length;
  }

  /** Adds bytes. */
  bytes(text: Uint8Array): void {
    const { length } = text;
    this.#reserve(length);
    const bytes = this.#bytes;
    let at = this.#length;
    for (let index = 0; index < length; index++) bytes[at++] = text[index] as number;
    this.#length = at;
  }

  /** Adds one byte. */
  byte(code: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = code;
  }

  null(): void {
    this.bytes(NULL);
  }

  /** Adds JSON that is there already. */
  json(text: string): void {
    this.#reserve(text.length * 3);
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
  }

  /** Adds characters of ASCII. */
  ascii(text: string): void {
    const { length } = text;
    this.#reserve(length);
    const bytes = this.#bytes;
    let at = this.#length;
    for (let index = 0; index < length; index++) bytes[at++] = text.charCodeAt(index);
    this.#length = at;
  }

  /** Adds a string, in quotes. */
  string(text: string): void {
    const { length } = text;
    if (length > SHORT) {
      this.#longString(text);
      return;
    }
    this.#reserve(length + 2);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = QUOTE;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code < 0x20 || code > 0x7e || code === QUOTE || code === BACKSLASH) {
        this.json(JSON.stringify(text));
        return;
      }
      bytes[at++] = code;
    }
    bytes[at++] = QUOTE;
    this.#length = at;
  }

  /** Adds once more what stands between two places. */
  repeat(start: number, end: number): void {
    this.#reserve(end - start);
    this.#bytes.copyWithin(this.#length, start, end);
    this.#length += end - start;
  }

  /** The text, to be kept. */
  toBuffer(): Buffer {
    const text = Buffer.allocUnsafeSlow(this.#length);
    this.#bytes.copy(text, 0, 0, this.#length);
    return text;
  }

  #longString(text: string): void {
    if (SPECIAL.test(text)) {
      this.json(JSON.stringify(text));
      return;
    }
    this.byte(QUOTE);
    this.#reserve(text.length + 1);
    this.#length += this.#bytes.write(text, this.#length, 'latin1');
    this.byte(QUOTE);
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed > this.#bytes.length) this.#grow(needed);
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
    if (larger.length <= MAX_KEPT) kept = larger;
  }
}
