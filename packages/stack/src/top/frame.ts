import { cacheSection, clientSection, operationSection, subgraphSection } from './gateway-sections.ts';
import type { ObservedService } from './history.ts';
import { jobSection } from './job-section.ts';
import type { Row, Section } from './section.ts';
import { databaseSection, serviceSection } from './service-sections.ts';

/** A line of the page. */
export interface Line {
  text: string;
  tone: 'title' | 'bad' | 'usual';
}

/** How much fits on a page; without a height, all does. */
export interface PageSize {
  columns: number;
  rows?: number;
}

/** The page of some services. */
export function drawFrame(services: readonly ObservedService[], size: PageSize): Line[] {
  // Whichever name it has, a gateway is what measures operations as one.
  const gateway = services.find(({ period }) => period?.now.has('gateway_operation_cache_total'))?.period;
  const sections = [
    serviceSection(services),
    ...(gateway ? [operationSection(gateway), subgraphSection(gateway), cacheSection(gateway)] : []),
    ...(gateway ? [clientSection(gateway)] : []),
    databaseSection(services),
    jobSection(services),
  ].filter(({ rows }) => rows.length > 0);
  return fitted(sections, size.rows)
    .flatMap((section, index) => [...(index > 0 ? [BLANK] : []), ...linesOf(section)])
    .map(({ text, tone }) => ({ text: text.slice(0, size.columns).trimEnd(), tone }));
}

const BLANK: Line = { text: '', tone: 'usual' };
const BESIDE_ROWS = 2; // lines of a section: its head, and the blank one

/** Takes rows from the longest sections, until all have a place. */
function fitted(sections: readonly Section[], height = Number.POSITIVE_INFINITY): Section[] {
  const places = sections.map(({ rows }) => rows.length);
  const needed = () => places.reduce((sum, rows) => sum + rows + BESIDE_ROWS, -1);
  while (needed() > height && Math.max(...places) > 1)
    places[places.indexOf(Math.max(...places))] = Math.max(...places) - 1;
  return sections.map((section, index) => {
    const { rows } = section;
    const [all, fit] = [rows.length, places[index] ?? rows.length];
    if (fit === all) return section;
    const more: Row = { cells: [`… ${all - fit + 1} more`] };
    return { ...section, rows: [...rows.slice(0, fit - 1), more] };
  });
}

function linesOf({ title, head, rows }: Section): Line[] {
  const table = [[title, ...head], ...rows.map(({ cells }) => cells)];
  const widths: number[] = [];
  for (const cells of table) {
    // What a row says in place of figures may be longer than a column.
    const columns = cells.length === head.length + 1 ? cells : cells.slice(0, 1);
    for (const [column, cell] of columns.entries())
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  return table.map((cells, index) => ({
    text: cells
      .map((cell, column) =>
        column === 0
          ? cell.padEnd(widths[0] ?? 0)
          : cells.length === 2
            ? cell
            : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
    tone: index === 0 ? 'title' : rows[index - 1]?.isBad ? 'bad' : 'usual',
  }));
}
