import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { databaseSetting, REPOSITORY } from '@tributary/database';
import { gatewaySettings } from '@tributary/gateway';
import { parse } from 'yaml';
import type { z } from 'zod';
import type { Values } from '../values/schema.ts';
import { PORTS, type Service, subgraphUrls } from './service.ts';
import { specificsOf } from './specifics.ts';

/** Where the files of the ConfigMap are in a gateway's container. */
export const CONFIG_FOLDER = '/etc/tributary';

/** Everything that is deployed. */
export interface Services {
  gateway: Service;
  subgraphs: readonly Service[];
}

/** The services of this repository: the gateway, and each subgraph that `supergraph.yaml` names and is not the gateway's own. */
export async function servicesOf(values: Values): Promise<Services> {
  const names = await subgraphNames();
  const subgraphs: Service[] = [];
  // One after another: they share modules, which a test's loader cannot link twice at once.
  for (const name of names) subgraphs.push(await subgraph(name, values));
  return { gateway: gatewayOf(names, values), subgraphs };
}

async function subgraphNames(): Promise<string[]> {
  const config = parse(await readFile(join(REPOSITORY, 'supergraph.yaml'), 'utf8')) as {
    subgraphs: Record<string, { routing_url: string }>;
  };
  return Object.entries(config.subgraphs).flatMap(([name, { routing_url: url }]) =>
    url.startsWith('local:') ? [] : name,
  );
}

function gatewayOf(subgraphs: readonly string[], values: Values): Service {
  return {
    name: 'gateway',
    source: 'gateway',
    // As `npm run gateway` starts it.
    command: ['node', '--max-semi-space-size=32', 'gateway/dist/main.js'],
    settingsSchema: gatewaySettings,
    settings: {
      SUPERGRAPH: `${CONFIG_FOLDER}/supergraph.graphql`,
      GATEWAY_CONFIG: `${CONFIG_FOLDER}/gateway.yaml`,
      SUBGRAPH_URLS: subgraphUrls(subgraphs),
      COOKIES: 'users=__Host-tributary-refresh',
      AUTH_JWKS_URL: `http://users:${PORTS.http}/.well-known/jwks.json`,
      AUTH_ISSUER: values.issuer,
      AUTH_AUDIENCE: values.audience,
      TRUST_PROXY: String(values.ingress.proxies),
    },
    secrets: secretsOf(values, 'gateway', []),
    calls: subgraphs,
    internet: [],
    publicPaths: [{ path: '/graphql', pathType: 'Exact' }],
  };
}

async function subgraph(name: string, values: Values): Promise<Service> {
  const { settingsSchema } = (await import(`@tributary/${name}`)) as { settingsSchema: z.ZodObject };
  const {
    calls = [],
    settings,
    secrets = [],
    internet = [],
    publicPaths = [],
  } = specificsOf(values)[name] ?? {};
  return {
    name,
    source: `subgraphs/${name}`,
    settingsSchema,
    settings: { ...(calls.length > 0 && { SUBGRAPH_URLS: subgraphUrls(calls) }), ...settings },
    secrets: secretsOf(values, name, [...databaseSecrets(values, name), ...secrets]),
    calls,
    internet,
    publicPaths,
    database: name,
  };
}

/** Behind PgBouncer, jobs need the way past it. */
function databaseSecrets({ pooler }: Values, name: string): string[] {
  const url = databaseSetting(name);
  return pooler ? [url, url.replace(/_URL$/, '_DIRECT_URL')] : [url];
}

/** What all have is in one key of the store; the rest of each service in a key of its own. */
const secretsOf = ({ secrets: { prefix } }: Values, name: string, own: readonly string[]) => ({
  ...Object.fromEntries(['INTERNAL_SECRET', 'REDIS_URL'].map((setting) => [setting, `${prefix}/shared`])),
  ...Object.fromEntries(own.map((setting) => [setting, `${prefix}/${name}`])),
});
