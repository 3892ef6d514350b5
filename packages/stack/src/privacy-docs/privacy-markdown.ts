import { StartupError } from '@tributary/platform';
import { table } from '../documents/between-markers.ts';
import { loadSubgraph, subgraphNames } from '../parts/subgraphs.ts';
import { describeSettings } from '../settings-docs/setting.ts';
import { type DataMap, isAboutPeople, type MappedTable, type Retention } from './data-map.ts';

/** The defaults of a service's settings, by their names. */
export type Defaults = ReadonlyMap<string, string | null>;

/** What is held of people, as a table: `prisma/data-map.yaml` with the defaults of the settings that it names. */
export async function privacyMarkdown(map: DataMap): Promise<string> {
  const rows: string[][] = [];
  for (const name of subgraphNames()) {
    const { settingsSchema } = await loadSubgraph(name);
    const defaults = new Map(
      describeSettings(settingsSchema).map((setting) => [setting.name, setting.default]),
    );
    for (const [model, mapped] of Object.entries(map[name] ?? {}))
      if (isAboutPeople(mapped)) rows.push(rowOf(`${name}.${model}`, mapped, defaults));
  }
  return table(['table', 'personal', 'for', 'kept', 'export', 'erasure'], rows);
}

function rowOf(name: string, mapped: MappedTable, defaults: Defaults): string[] {
  const columns = [...mapped.personal, ...mapped.secret].map((column) => `\`${column}\``).join(', ');
  const said = { for: mapped.for, export: mapped.export, erase: mapped.erase };
  for (const [key, text] of Object.entries(said))
    if (text === undefined) throw new StartupError(`prisma/data-map.yaml: ${name} does not say "${key}"`);
  return [
    `\`${name}\``,
    columns || 'ids only',
    said.for ?? '',
    keptText(mapped.retention, defaults),
    said.export ?? '',
    said.erase ?? '',
  ];
}

/**
 * How long rows are kept, for people.
 *
 * @throws StartupError when a setting is none of the service's
 */
export function keptText(retention: Retention, defaults: Defaults): string {
  if ('because' in retention) return retention.because;
  if ('with' in retention) return `as long as its \`${retention.with}\``;
  if ('archive' in retention) return `for ever; \`${known(retention.archive)}\` moves it to the archive`;
  const { setting, after, but } = retention;
  const unit = setting.split('_').at(-1)?.toLowerCase() ?? '';
  const text = `${defaults.get(known(setting))} ${unit} after ${after} (\`${setting}\`)`;
  return but === undefined ? text : `${text}; ${but}`;

  function known(name: string): string {
    if (!defaults.has(name)) throw new StartupError(`prisma/data-map.yaml: there is no setting ${name}`);
    return name;
  }
}
