/** How much a change asks of those who take it. */
export type Weight = 'major' | 'minor' | 'patch';

/** A change as its author noted it. */
export interface NotedChange {
  weight: Weight;
  /** Markdown. */
  summary: string;
}

const HEADINGS: Readonly<Record<Weight, string>> = {
  major: 'What breaks',
  minor: 'New',
  patch: 'Mended',
};
const TITLE = '# Changes\n';

/** The section of one version. @param date - `2026-01-31` */
export function section(version: string, date: string, changes: readonly NotedChange[]): string {
  const parts = (Object.keys(HEADINGS) as Weight[]).flatMap((weight) => {
    const items = changes.filter((change) => change.weight === weight);
    return items.length === 0
      ? []
      : [`### ${HEADINGS[weight]}\n\n${items.map(({ summary }) => item(summary)).join('\n')}\n`];
  });
  return `## ${version} (${date})\n\n${parts.join('\n')}`;
}

/** The text of a changelog with a section more, the newest first. @param text - empty when there is none yet */
export const withSection = (text: string, added: string): string =>
  `${TITLE}\n${added}${text.startsWith(TITLE) ? text.slice(TITLE.length) : text && `\n${text}`}`;

/** What a changelog says of a version, without its heading; undefined when it says nothing. */
export function notesOf(text: string, version: string): string | undefined {
  const found = text.split(/^(?=## )/m).find((part) => part.startsWith(`## ${version} `));
  return found?.slice(found.indexOf('\n')).trim();
}

const item = (summary: string): string => `- ${summary.trim().replaceAll('\n', '\n  ')}`;
