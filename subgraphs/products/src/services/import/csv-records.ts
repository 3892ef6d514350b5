import { parse } from 'csv-parse/sync';
import type { Line } from './lines.ts';

/** Fields of a record, or why it cannot be read. */
export type CsvRecord = { line: number; fields: readonly string[] } | { line: number; reason: string };

/** Longest record: in a longer one, a quote was forgotten. */
const MAX_CHARACTERS = 100_000;

/**
 * Reads the records of a CSV file (RFC 4180); blank lines are none. One that cannot be read costs its first line only:
 * the next is read as if it were not there, so that a forgotten quote does not take the rest of the file with it.
 */
export async function* csvRecords(lines: AsyncIterable<Line>): AsyncGenerator<CsvRecord> {
  let open: Line[] = [];
  let quotes = 0;
  let characters = 0;
  const close = (): Line[] => {
    const closed = open;
    open = [];
    quotes = 0;
    characters = 0;
    return closed;
  };
  /** @returns the record that the line ends, if it ends one, and the lines to be read again */
  const take = (line: Line): { record: CsvRecord; again: Line[] } | null => {
    open.push(line);
    quotes += line.text.split('"').length - 1;
    characters += line.text.length + 1; // and the line break
    if (quotes % 2 === 1) return characters > MAX_CHARACTERS ? giveUp(close(), NOT_CLOSED) : null;
    if (open.length === 1 && line.text.trim() === '' && line.problem === null) close();
    return open.length > 0 ? readRecord(close()) : null;
  };
  function* takeAll(waiting: readonly Line[]): Generator<CsvRecord> {
    const stack = waiting.toReversed();
    for (let line = stack.pop(); line; line = stack.pop()) {
      const taken = take(line);
      if (!taken) continue;
      yield taken.record;
      for (const again of taken.again.toReversed()) stack.push(again);
    }
  }
  for await (const line of lines) yield* takeAll([line]);
  while (open.length > 0) {
    const { record, again } = giveUp(close(), NOT_CLOSED);
    yield record;
    yield* takeAll(again);
  }
}

const NOT_CLOSED = 'A quote is opened here and not closed.';
const MISPLACED = 'A quote is in the wrong place.';

const giveUp = ([first, ...again]: Line[], reason: string) => ({
  record: { line: first?.number ?? 0, reason },
  again,
});

/** @param lines - with all quotes in pairs, so that line breaks are inside of them */
function readRecord(lines: Line[]): { record: CsvRecord; again: Line[] } {
  const line = lines[0]?.number ?? 0;
  const reason = lines.find(({ problem }) => problem !== null)?.problem;
  if (reason) return { record: { line, reason }, again: [] };
  const fields = fieldsOf(lines.map(({ text }) => text).join('\n'));
  return fields ? { record: { line, fields }, again: [] } : giveUp(lines, MISPLACED);
}

function fieldsOf(text: string): string[] | null {
  try {
    const records: string[][] = parse(text, { record_delimiter: '\n' });
    return records.length === 1 ? (records[0] ?? null) : null;
  } catch {
    return null;
  }
}
