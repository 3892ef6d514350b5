import { type Node, parse, SqlError } from 'libpg-query';

/** `-- safe: RULE: reason` above a statement: somebody has looked, and says why it may be. */
export interface Marker {
  /** Which rule it is about. */
  rule: string;
  /** Why it is safe here; empty where nobody said. */
  reason: string;
  /** From 1. */
  line: number;
}

/** One statement of a migration. */
export interface Statement {
  /** As PostgreSQL's own parser reads it: an object with one key, the statement's type. */
  node: Node;
  /** Where it begins in the file, from 1. */
  line: number;
  /** What stands right above it. */
  markers: Marker[];
}

/** SQL that PostgreSQL does not understand. */
export class MigrationSyntaxError extends Error {
  /** Where, from 1. */
  readonly line: number;

  constructor(message: string, line: number, cause: unknown) {
    super(message, { cause });
    this.line = line;
  }
}

/**
 * Reads the statements of a migration with PostgreSQL 18's own parser.
 *
 * @throws MigrationSyntaxError for what PostgreSQL would refuse to read
 */
export async function parseMigration(sql: string): Promise<Statement[]> {
  const bytes = Buffer.from(sql); // the parser counts bytes
  const lineAt = (offset: number) => bytes.subarray(0, offset).toString().split('\n').length;
  const { stmts = [] } = await parse(sql).catch((error: unknown) => {
    if (!(error instanceof SqlError)) throw error;
    throw new MigrationSyntaxError(error.message, lineAt(error.sqlDetails?.cursorPosition ?? 0), error);
  });
  let end = 0;
  return stmts.flatMap(({ stmt, stmt_location: start = 0, stmt_len: length = 0 }) => {
    const lead = bytes.subarray(end, start).toString();
    end = start + length;
    const line = lineAt(start);
    return stmt ? [{ node: stmt, line, markers: markersAbove(lead, line) }] : [];
  });
}

const MARKER = /^\s*--\s*safe:\s*([a-z-]+)\s*(?::\s*(.*?))?\s*$/;

/** Of the lines of comments that touch the statement; an empty line ends them. */
function markersAbove(lead: string, line: number): Marker[] {
  // The last one is what stands in front of the statement; the first may be the end of the one before.
  const lines = lead.split('\n');
  const found: Marker[] = [];
  for (let index = lines.length - 2; index >= 0; index--) {
    const text = lines[index] ?? '';
    if (!text.trim().startsWith('--')) break;
    const [, rule, reason = ''] = MARKER.exec(text) ?? [];
    if (rule !== undefined) found.unshift({ rule, reason, line: line - (lines.length - 1 - index) });
  }
  return found;
}
