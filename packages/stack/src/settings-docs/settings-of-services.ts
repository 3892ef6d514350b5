import { backupSettings, embeddedSettings } from '@tributary/database';
import { gatewaySettings } from '@tributary/gateway';
import { serviceSettings, tracingSettings } from '@tributary/platform';
import { settingsSchema as paymentsSettings } from '@tributary/test-payments';
import { z } from 'zod';
import { loadSubgraph, portSettingsOf, subgraphNames } from '../parts/subgraphs.ts';
import { stackSettings } from '../settings.ts';
import { describeSettings, type Setting } from './setting.ts';

/** The settings of one process, for people. */
export interface SettingsTable {
  title: string;
  settings: readonly Setting[];
}

/** The settings of all services, read from their schemas; what they have in common comes first, once. */
export async function settingsOfServices(): Promise<SettingsTable[]> {
  const common = describeSettings(z.object(serviceSettings));
  const tracing = describeSettings(z.object(tracingSettings));
  const known = new Set([...common, ...tracing].map((setting) => JSON.stringify(setting)));
  const without = (settings: readonly Setting[]) =>
    settings.filter((setting) => !known.has(JSON.stringify(setting)));
  const subgraphs = await Promise.all(
    subgraphNames().map(async (name) => ({
      name,
      settings: describeSettings((await loadSubgraph(name)).settingsSchema),
    })),
  );
  return [
    { title: 'Every service', settings: common },
    { title: 'Traces of the gateway and the subgraphs', settings: tracing },
    { title: 'Gateway', settings: without(describeSettings(gatewaySettings)) },
    ...subgraphs.map(({ name, settings }) => ({ title: `Subgraph ${name}`, settings: without(settings) })),
    { title: 'Test payment provider', settings: without(describeSettings(paymentsSettings)) },
    {
      title: '`npm start` and `npm run dev`, which hand on the settings of the services',
      settings: [
        ...without(describeSettings(stackSettings)),
        ...subgraphs.flatMap(({ name, settings }) => inOneStack(name, settings)),
      ],
    },
    { title: 'Embedded PostgreSQL', settings: describeSettings(embeddedSettings) },
    { title: '`npm run backup` and `npm run restore`', settings: describeSettings(backupSettings) },
  ];
}

/** A subgraph's ports under the names that a stack of several services has for them, and its database. */
function inOneStack(name: string, settings: readonly Setting[]): Setting[] {
  const { port, adminPort } = portSettingsOf(name);
  const renamed: Record<string, string> = { PORT: port, ADMIN_PORT: adminPort };
  return settings.flatMap((setting) => {
    const stackName = renamed[setting.name];
    if (stackName)
      return [{ ...setting, name: stackName, description: `Subgraph ${name}: ${setting.description}` }];
    if (!setting.name.endsWith('_DATABASE_URL')) return [];
    return [{ ...setting, default: '', description: `${setting.description}; the embedded one when unset` }];
  });
}
