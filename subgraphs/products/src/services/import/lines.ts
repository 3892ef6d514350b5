/** A line of a file, without its end. */
export interface Line {
  /** From 1. */
  number: number;
  /** With replacement characters where it was not UTF-8; empty where it was too long. */
  text: string;
  /** Why the line cannot be used. */
  problem: string | null;
}

/** Longest line in bytes: several times the longest row that is any good. */
const MAX_LINE = 100_000;

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = '\uFEFF';

/** Splits bytes into lines as they come; never holds more than a line and what came last. */
export async function* readLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  let number = 1;
  const take = (piece: Uint8Array) => {
    length += piece.length;
    if (length <= MAX_LINE) pieces.push(piece);
    else pieces = [];
  };
  const end = (): Line => {
    const line = length > MAX_LINE ? tooLong(number) : decode(number, Buffer.concat(pieces));
    pieces = [];
    length = 0;
    number += 1;
    return line;
  };
  for await (const chunk of source) {
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, from)) {
      take(chunk.subarray(from, at));
      from = at + 1;
      yield end();
    }
    take(chunk.subarray(from));
  }
  if (length > 0) yield end();
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(number: number, bytes: Buffer): Line {
  try {
    return { number, text: trimmed(number, strict.decode(bytes)), problem: null };
  } catch {
    return { number, text: trimmed(number, bytes.toString()), problem: 'This is not UTF-8.' };
  }
}

const tooLong = (number: number): Line => ({
  number,
  text: '',
  problem: `This is longer than ${MAX_LINE} bytes.`,
});

/** Without the carriage return of a Windows file, and the mark that some begin with. */
function trimmed(number: number, text: string): string {
  const body = text.endsWith('\r') ? text.slice(0, -1) : text;
  return number === 1 && body.startsWith(BYTE_ORDER_MARK) ? body.slice(1) : body;
}
