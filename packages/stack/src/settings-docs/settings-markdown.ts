import { cell } from '../documents/between-markers.ts';
import type { Setting } from './setting.ts';
import type { SettingsTable } from './settings-of-services.ts';

/** One Markdown table for each service. */
export const settingsMarkdown = (tables: readonly SettingsTable[]): string =>
  tables
    .map(({ title, settings }) =>
      [
        `**${title}**`,
        '',
        '| Variable | Default | What it does |',
        '| --- | --- | --- |',
        ...settings.map(row),
      ].join('\n'),
    )
    .join('\n\n');

const row = ({ name, default: value, description }: Setting) =>
  `| \`${name}\` | ${value === null ? '**required**' : value && code(value)} | ${cell(description)} |`;

const code = (text: string) => `\`${cell(text)}\``;
