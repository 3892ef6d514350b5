import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { alertGroups, DASHBOARDS, runbookOf } from '@tributary/observability';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const alerts = alertGroups(['gateway']).flatMap((group) => group.alerts);
const textOf = (file: string) => readFileSync(join(REPOSITORY, file), 'utf8');

it('has a page for each alert, and an alert for each page', () => {
  const pages = readdirSync(join(REPOSITORY, 'docs/runbooks')).map((file) => `docs/runbooks/${file}`);
  expect(pages.sort()).toEqual(alerts.map(runbookOf).sort());
  expect(new Set(alerts.map(({ name }) => name)).size).toBe(alerts.length);
});

it.each(alerts)('says of $name what it means, what to look at and what to do', (alert) => {
  const text = textOf(runbookOf(alert));
  const headings = [...text.matchAll(/^#+ .+$/gm)].map(([heading]) => heading);
  expect(headings).toEqual([`# ${alert.name}`, '## What it means', '## What to look at', '## What to do']);
  for (const section of text.split(/^#+ .+$/m).slice(2)) expect(section.trim().length).toBeGreaterThan(80);
});

it.each(alerts)('leads from the page of $name to what is there', (alert) => {
  const page = runbookOf(alert);
  for (const [, target = ''] of textOf(page).matchAll(/\]\(([^)\s]+)\)/g)) {
    const [path = '', anchor] = target.split('#');
    const text = textOf(posix.join(posix.dirname(page), path));
    if (anchor !== undefined) expect(anchorsOf(text)).toContain(anchor);
  }
});

const panels = DASHBOARDS.flatMap(({ rows }) => rows.flatMap((row) => row.panels.map(({ title }) => title)));
const { scripts } = JSON.parse(textOf('package.json'));

it.each(alerts)('names panels and commands that there are, for $name', (alert) => {
  const text = textOf(runbookOf(alert));
  for (const [, title] of text.matchAll(/"([A-Z][^"]*)"/g)) expect(panels).toContain(title);
  for (const [, name] of text.matchAll(/npm run ([\w:]+)/g)) expect(scripts).toHaveProperty([name ?? '']);
});

it('is in the table of docs/operations.md', () => {
  const text = textOf('docs/operations.md');
  for (const alert of alerts) expect(text).toContain(`(${posix.relative('docs', runbookOf(alert))})`);
});

/** As GitHub names the headings of a page. */
const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
