import type { BenchResult, Row } from './bench.ts';

const WIDTH = 760;
const LABELS = 184; // width of the column of names
const FIGURES = 130; // width kept free for the figures behind the longest bar
const BAR = 18;
const LINE = 26;
const TITLE = 40;

/**
 * Draws requests per second, each scenario a group of bars of its own scale; the scenarios with one connection, which
 * show latency, are left out.
 *
 * Our side, which is the first, is set off.
 *
 * @returns an SVG document that can be read on light and dark pages
 */
export function resultChart({ rows }: BenchResult): string {
  const names = [...new Set(rows.map(({ scenario }) => scenario))].filter(
    (name) => !name.endsWith(', 1 connection'),
  );
  const ours = rows[0]?.name;
  let top = 0;
  const groups = names.map((name) => {
    const group = rows.filter(({ scenario }) => scenario === name).sort((a, b) => b.rps - a.rps);
    const drawn = drawGroup(name, group, top, ours);
    top += TITLE + group.length * LINE;
    return drawn;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top + 10}" role="img" aria-label="Requests per second">
<style>
  text { font: 13px system-ui, sans-serif; fill: #57606a; }
  .title { font-weight: 600; }
  .bar { fill: #8c959f; }
  .ours { fill: #0969da; }
  @media (prefers-color-scheme: dark) { text { fill: #9198a1; } .ours { fill: #4493f8; } }
</style>
${groups.join('\n')}
</svg>
`;
}

function drawGroup(name: string, group: readonly Row[], top: number, ours: string | undefined): string {
  const most = Math.max(...group.map(({ rps }) => rps));
  const lines = group.map((row, index) => {
    const y = top + TITLE + index * LINE;
    const width = Math.max(1, (row.rps / most) * (WIDTH - LABELS - FIGURES));
    const middle = y + BAR - 4;
    return (
      `<text x="${LABELS - 8}" y="${middle}" text-anchor="end">${escapeText(row.name)}</text>` +
      `<rect class="bar${row.name === ours ? ' ours' : ''}" x="${LABELS}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="2"/>` +
      `<text x="${(LABELS + width + 8).toFixed(1)}" y="${middle}">${Math.round(row.rps)}/s</text>`
    );
  });
  return `<text class="title" x="${LABELS}" y="${top + TITLE - 12}">${escapeText(name)}</text>\n${lines.join('\n')}`;
}

const escapeText = (text: string): string => text.replace(/[&<>]/g, (mark) => `&#${mark.charCodeAt(0)};`);
