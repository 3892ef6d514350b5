import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '@tributary/database';
import type { EventCatalogue } from '@tributary/domain-events';
import type { Environment, Registry, RunningService } from '@tributary/platform';
import type { RetainedTable } from '@tributary/subgraph-kit';
import type { z } from 'zod';

/** How messages about a taken port call the settings. */
export interface PortSettings {
  port: string;
  adminPort: string;
}

/** What the package of every subgraph exports. */
export interface SubgraphModule {
  /** One zod type for each environment variable. */
  settingsSchema: z.ZodObject;
  readSettings(env: Environment): object;
  /** The tables that it keeps for a time only. @param settings - as `readSettings` gives them */
  retentionOf?(settings: object): readonly RetainedTable[];
  /** What it tells other systems, where it does. */
  eventCatalogue?: EventCatalogue;
  start(
    settings: object,
    portSettings: PortSettings,
  ): Promise<RunningService & { url: string; adminUrl: string; metrics: Registry }>;
}

/** The subgraphs of this repository: each folder of `subgraphs/` is one. */
export const subgraphNames = (): string[] =>
  readdirSync(join(REPOSITORY, 'subgraphs'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();

/** The package of a subgraph. */
export const loadSubgraph = (name: string): Promise<SubgraphModule> => import(`@tributary/${name}`);

/** Names of a subgraph's own ports among the settings of a stack, such as `USERS_PORT`. */
export function portSettingsOf(name: string): PortSettings {
  const prefix = name.toUpperCase().replaceAll('-', '_');
  return { port: `${prefix}_PORT`, adminPort: `${prefix}_ADMIN_PORT` };
}

/** The environment of one subgraph: that of the stack, with the subgraph's own ports. */
export function environmentOf(name: string, env: Environment): Environment {
  const settings = portSettingsOf(name);
  return { ...env, PORT: env[settings.port], ADMIN_PORT: env[settings.adminPort] };
}
