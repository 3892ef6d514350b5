import { fileURLToPath } from 'node:url';
import type { IContainer, IPodSpec } from 'kubernetes-models/v1';
import { parse, stringify } from 'yaml';
import { readGatewayFiles } from '../../src/gateway-files.ts';
import { manifests } from '../../src/manifests.ts';
import { readValues } from '../../src/values/read-values.ts';
import type { Values } from '../../src/values/schema.ts';

/** An object of a cluster, as the YAML has it. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels: Record<string, string> };
  // biome-ignore lint/suspicious/noExplicitAny: what is in it depends on the kind, and schemas check it
  spec: any;
  data?: Record<string, string>;
}

export const EXAMPLE = fileURLToPath(new URL('../../values.example.yaml', import.meta.url));
const GATEWAY_YAML = fileURLToPath(new URL('../../../../gateway.yaml', import.meta.url));

/** The objects for the example's values, through YAML and back, as a cluster would read them. */
export async function objectsFor(
  change: (values: Values) => Values = (values) => values,
): Promise<KubernetesObject[]> {
  const app = await manifests(change(await readValues(EXAMPLE)), await readGatewayFiles(GATEWAY_YAML, []));
  return app.charts.flatMap((chart) => chart.toJson()).map((object) => parse(stringify(object)));
}

/** The pods that an object makes; null for one that makes none. */
export const podOf = ({
  spec,
}: KubernetesObject): { labels: Record<string, string>; spec: IPodSpec } | null =>
  spec?.template ? { labels: spec.template.metadata.labels, spec: spec.template.spec } : null;

/** Variables of a container, with a value of the right form for each that is secret. */
export const environmentIn = ({ env = [] }: IContainer): Record<string, string> =>
  Object.fromEntries(env.map(({ name, value }) => [name, value ?? secretValue(name)]));

function secretValue(name: string): string {
  if (name.endsWith('_DATABASE_URL')) return `postgresql://someone@postgres:5432/${name}`;
  return (
    { REDIS_URL: 'redis://redis:6379', AUTH_SIGNING_KEYS: '[]', SMTP_URL: 'smtps://mail.example' }[name] ??
    '0123456789abcdef0123456789abcdef'
  );
}

/** Whether labels are what a selector asks for. */
export const matches = (selector: Record<string, string>, labels: Record<string, string>): boolean =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);
