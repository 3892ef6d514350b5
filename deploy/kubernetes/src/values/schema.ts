import { z } from 'zod';

const label = () =>
  z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'must be small letters, digits and dashes');
const quantity = (pattern: RegExp, form: string) => z.string().regex(pattern, `must be of the form ${form}`);
const port = () => z.int().min(1).max(65_535);

/** Who is asked, or asks: pods of a namespace, or a range of addresses outside of the cluster. */
const peer = (usualPort?: number) =>
  z
    .strictObject({
      namespace: label().optional(),
      cidr: z.union([z.cidrv4(), z.cidrv6()], 'must be a range such as 10.1.0.0/16').optional(),
      port: usualPort === undefined ? port() : port().default(usualPort),
    })
    .refine(({ namespace, cidr }) => (namespace === undefined) !== (cidr === undefined), {
      error: 'must have either a namespace or a cidr',
    });

const replicas = (min: number, max: number) =>
  z
    .strictObject({ min: z.int().min(1).default(min), max: z.int().min(1).default(max) })
    .refine((given) => given.min <= given.max, { error: 'min must not be above max' })
    .prefault({});

const resources = (cpu: string, memory: string) => ({
  cpu: quantity(/^\d+(\.\d+)?m?$/, '500m or 2')
    .default(cpu)
    .describe('CPU that each pod is promised'),
  memory: quantity(/^\d+(Mi|Gi)$/, '512Mi')
    .default(memory)
    .describe('Memory that each pod is promised, and may not exceed'),
});

/** Environment variables over those that follow from the other values. */
const settings = () =>
  z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({});

const service = z.strictObject({
  replicas: replicas(2, 10),
  ...resources('500m', '512Mi'),
  settings: settings(),
  workers: z
    .strictObject({
      replicas: replicas(1, 4),
      ...resources('250m', '384Mi'),
      settings: settings(),
    })
    .prefault({}),
});

/** What differs from one cluster to the next. */
export const valuesSchema = z.strictObject({
  namespace: label().default('tributary'),
  image: z.strictObject({
    registry: z
      .string()
      .regex(
        /^[a-z0-9][a-z0-9.-]*(:\d+)?(\/[a-z0-9][\w.-]*)*$/,
        'must be a registry and a path, without https:// and tag',
      ),
    tag: z.string().regex(/^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/, 'must be a tag such as 1.4.0'),
    pullSecrets: z.array(label()).default([]),
  }),
  issuer: z.string().min(1).describe('AUTH_ISSUER of users and gateway'),
  audience: z.string().min(1).default('tributary'),
  ingress: z.strictObject({
    host: z.hostname('must be a host name'),
    class: label().default('nginx'),
    namespace: label().default('ingress-nginx').describe('Where the pods of the ingress controller are'),
    tlsSecret: label().optional(),
    proxies: z.int().min(1).default(1).describe('TRUST_PROXY: how many proxies stand in front of a gateway'),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  monitoring: z.strictObject({ namespace: label().default('monitoring') }).prefault({}),
  secrets: z.strictObject({
    store: z.string().min(1),
    kind: z.enum(['ClusterSecretStore', 'SecretStore']).default('ClusterSecretStore'),
    prefix: z.string().default('tributary').describe('In front of the keys of the store'),
  }),
  postgres: peer(5432),
  pooler: peer(6432)
    .optional()
    .describe('PgBouncer in front of PostgreSQL: the store then has …_DATABASE_DIRECT_URL of each database, too'),
  redis: peer(6379),
  payments: z
    .strictObject({ url: z.url({ protocol: /^https$/, error: 'must be an https:// address' }) })
    .optional(),
  mail: z.strictObject({ from: z.string().min(1), port: port().default(465) }).optional(),
  traces: z
    .strictObject({
      endpoint: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' }),
      collector: peer(4318),
    })
    .optional()
    .describe('OTEL_EXPORTER_OTLP_ENDPOINT of all services, and who is asked there'),
  region: label().optional().describe('DATA_REGION of all services and of the migrations'),
  egress: z.array(peer()).default([]).describe('What else all pods may reach, such as a proxy'),
  services: z.record(z.string(), service).default({}),
});

/** Values that were read and checked, with the defaults of those that were left out. */
export type Values = z.infer<typeof valuesSchema>;

/** What one service gets. */
export type ServiceValues = z.infer<typeof service>;

/** Pods of a namespace, or addresses outside of the cluster, and a port. */
export type Peer = Values['egress'][number];

/** The values of a service, also of one that the file does not name. */
export const valuesOf = ({ services }: Values, name: string): ServiceValues =>
  services[name] ?? service.parse({});
