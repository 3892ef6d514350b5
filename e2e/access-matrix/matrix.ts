import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { VIEWERS, type ViewerName } from './viewers.ts';

/** What each viewer gets, by field and section. */
export type Matrix = Map<string, Map<string, Cells>>;

/** One word for each viewer. */
export type Cells = Record<ViewerName, string>;

const FILE = new URL('matrix.md', import.meta.url);

const PREFACE = `# Who sees what, and who may do what

The decision on every field of the graph, for those who ask for what belongs to one customer, the owner. A test holds
it against the running graph: a field that is new, or that answers otherwise, fails it. To change a decision, run the
test with \`UPDATE_MATRIX=1\` and have the difference of this file reviewed.

- **yes**: a value. **empty**: an empty list. **null**: null, without an error.
- **–**: cannot be asked, as there is no way to the object that the field is of.
- **done**: the mutation was carried out.
- A word in capitals is the code of the error; in a payload's \`userErrors\` it is in parentheses.
`;

/** Reads the decisions. */
export function readMatrix(): Matrix {
  const matrix: Matrix = new Map();
  let rows = new Map<string, Cells>();
  const lines = existsSync(FILE) ? readFileSync(FILE, 'utf8').split('\n') : [];
  for (const line of lines) {
    const title = /^## (.+)$/.exec(line)?.[1];
    if (title !== undefined) {
      rows = new Map();
      matrix.set(title, rows);
    }
    const [field, ...words] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (field?.startsWith('`'))
      rows.set(
        field.slice(1, -1),
        cellsOf((index) => words[index] ?? ''),
      );
  }
  return matrix;
}

/** Writes the decisions. */
export function writeMatrix(matrix: Matrix): void {
  const sections = [...matrix].map(([title, fields]) => {
    const rows = [
      ['field', ...VIEWERS],
      ...[...fields].map(([field, cells]) => [`\`${field}\``, ...VIEWERS.map((viewer) => cells[viewer])]),
    ];
    const widths = ['field', ...VIEWERS].map((_, column) =>
      Math.max(...rows.map((row) => row[column]?.length ?? 0)),
    );
    const lineOf = (row: readonly string[]) =>
      `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
    const [head = '', ...body] = rows.map(lineOf);
    const rule = lineOf(widths.map((width) => '-'.repeat(width)));
    return ['', `## ${title}`, '', head, rule, ...body, ''].join('\n');
  });
  writeFileSync(FILE, PREFACE + sections.join(''));
}

/** Fills a row. @param word - the viewer's, by their place in the order of columns */
export const cellsOf = (word: (index: number, viewer: ViewerName) => string): Cells =>
  Object.fromEntries(VIEWERS.map((viewer, index) => [viewer, word(index, viewer)])) as Cells;

/** How two matrices differ: a line for each field, naming it. */
export function differences(actual: Matrix, decided: Matrix): string[] {
  const fieldsOf = (matrix: Matrix) =>
    new Map(
      [...matrix].flatMap(([title, rows]) =>
        [...rows].map(([field, cells]) => [`${title}: ${field}`, describe(cells)] as const),
      ),
    );
  const [now, then] = [fieldsOf(actual), fieldsOf(decided)];
  return [...new Set([...now.keys(), ...then.keys()])].flatMap((field) => {
    const [is, was] = [now.get(field), then.get(field)];
    if (is === was) return [];
    if (was === undefined) return [`${field} has no decision; it answers ${is}`];
    return [is === undefined ? `${field} is gone` : `${field} answers ${is}, decided was ${was}`];
  });
}

const describe = (cells: Cells): string => VIEWERS.map((viewer) => `${viewer} ${cells[viewer]}`).join(', ');
