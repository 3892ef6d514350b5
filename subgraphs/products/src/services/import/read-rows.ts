import { type CsvRecord, csvRecords } from './csv-records.ts';
import { type BadRow, NEEDED_COLUMNS, type WrittenRow } from './import-row.ts';
import { type Line, readLines } from './lines.ts';

/** How a file writes its rows. */
export type ImportFormat = 'CSV' | 'NDJSON';

/** The file as a whole is of no use; the message says why. */
export class UnusableFile extends Error {
  override name = 'UnusableFile';
}

/** A row as it stands in the file. */
export interface FoundRow {
  line: number;
  row: WrittenRow;
}

/**
 * Reads the rows of a file as they come, in bounded memory.
 *
 * @throws UnusableFile when the header of a CSV file lacks a column that is needed
 */
export const readRows = (
  source: AsyncIterable<Uint8Array>,
  format: ImportFormat,
): AsyncGenerator<FoundRow | BadRow> =>
  format === 'CSV' ? csvRows(csvRecords(readLines(source))) : jsonRows(readLines(source));

async function* csvRows(records: AsyncIterable<CsvRecord>): AsyncGenerator<FoundRow | BadRow> {
  let header: string[] | null = null;
  for await (const record of records) {
    if (header === null) {
      header = headerOf(record);
    } else if ('reason' in record) {
      yield record;
    } else if (record.fields.length !== header.length) {
      yield {
        line: record.line,
        reason: `There are ${record.fields.length} fields, and ${header.length} columns.`,
      };
    } else {
      const { line, fields } = record;
      yield { line, row: Object.fromEntries(header.map((column, at) => [column, fields[at]])) };
    }
  }
  if (header === null) throw new UnusableFile('the file is empty');
}

function headerOf(record: CsvRecord): string[] {
  if ('reason' in record) throw new UnusableFile(`line ${record.line}, the header: ${record.reason}`);
  const header = record.fields.map((column) => column.trim());
  const missing = NEEDED_COLUMNS.filter((column) => !header.includes(column));
  if (missing.length > 0) throw new UnusableFile(`the header lacks ${missing.join(', ')}`);
  const twice = header.find((column, at) => column !== '' && header.indexOf(column) !== at);
  if (twice !== undefined) throw new UnusableFile(`the header has ${twice} twice`);
  return header;
}

async function* jsonRows(lines: AsyncIterable<Line>): AsyncGenerator<FoundRow | BadRow> {
  for await (const { number: line, text, problem } of lines) {
    if (problem !== null) yield { line, reason: problem };
    else if (text.trim() !== '') yield jsonRow(line, text);
  }
}

function jsonRow(line: number, text: string): FoundRow | BadRow {
  try {
    const row: unknown = JSON.parse(text);
    if (row !== null && typeof row === 'object' && !Array.isArray(row))
      return { line, row: row as WrittenRow };
  } catch {
    // Said below, as of any other text.
  }
  return { line, reason: 'This is not a JSON object.' };
}
