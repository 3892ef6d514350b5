import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { StartupError } from '@tributary/platform';
import type { BadRow } from '../services/import/import-row.ts';

/** Tells of rows that were not taken. */
export interface BadRows {
  add(rows: readonly BadRow[]): Promise<void>;
  /** The first of them, for people. */
  readonly first: readonly BadRow[];
  close(): Promise<void>;
}

const SHOWN = 20;

/**
 * @param file - that all of them are written to, as NDJSON; null for none
 * @throws StartupError when it cannot be written
 */
export async function openBadRows(file: string | null): Promise<BadRows> {
  const first: BadRow[] = [];
  const stream = file === null ? null : await openReport(file);
  return {
    first,
    async add(rows) {
      first.push(...rows.slice(0, SHOWN - first.length));
      const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
      if (stream && !stream.write(text)) await once(stream, 'drain');
    },
    async close() {
      if (!stream) return;
      stream.end();
      await once(stream, 'close');
    },
  };
}

async function openReport(file: string) {
  const stream = createWriteStream(file);
  try {
    await once(stream, 'open');
  } catch (error) {
    throw new StartupError(`--report ${file}: ${(error as Error).message}`, { cause: error });
  }
  return stream;
}
