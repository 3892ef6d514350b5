import { StartupError, shutdownTimes } from '@tributary/platform';
import { type ServiceValues, type Values, valuesOf } from '../values/schema.ts';
import { PORTS, type Service } from './service.ts';
import type { Services } from './services.ts';

/** What a Deployment of a service is for. */
export type Role = 'api' | 'worker';

/** The environment of one container, and what follows from it. */
export interface Environment {
  /** Variables with their values. */
  settings: Readonly<Record<string, string>>;
  /** Names of variables that a Secret has. */
  secrets: readonly string[];
  /** Milliseconds from SIGTERM until the process has ended at the latest. */
  shutdown: number;
}

/** Values of the form that each secret has, for the service's own checks. */
const SAMPLES: Readonly<Record<string, string>> = {
  REDIS_URL: 'redis://redis:6379',
  AUTH_SIGNING_KEYS: '[]',
  SMTP_URL: 'smtps://mail.example',
};
const sampleOf = (name: string): string =>
  /_DATABASE_(DIRECT_)?URL$/.test(name) ? 'postgresql://postgres/sample' : (SAMPLES[name] ?? 'x'.repeat(32));

/**
 * The environment of a service's containers. Workers answer nobody, and leave nothing to others; who answers does no jobs.
 *
 * @throws StartupError with a line for each setting that the service would refuse
 */
export function environmentOf(service: Service, values: Values, role: Role): Environment {
  const given = valuesOf(values, service.name);
  const settings = {
    NODE_ENV: 'production',
    HOST: '0.0.0.0',
    PORT: String(PORTS.http),
    ADMIN_PORT: String(PORTS.admin),
    ...(values.region && { DATA_REGION: values.region }),
    ...(values.traces && { OTEL_EXPORTER_OTLP_ENDPOINT: values.traces.endpoint }),
    ...service.settings,
    ...given.settings,
    ...(service.database && role === 'api' && { JOB_CONCURRENCY: '0' }),
    ...(role === 'worker' && given.workers.settings),
  };
  const secrets = Object.keys(service.secrets);
  const samples = Object.fromEntries(secrets.map((name) => [name, sampleOf(name)]));
  const checked = service.settingsSchema.safeParse({ ...settings, ...samples });
  const problems = [
    ...forbidden(service, given),
    ...(checked.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`),
  ];
  if (problems.length > 0) {
    throw new StartupError(
      problems.map((problem) => `services.${service.name}.settings: ${problem}`).join('\n'),
    );
  }
  const times = shutdownTimes(checked.data as Parameters<typeof shutdownTimes>[0]);
  return { settings, secrets, shutdown: times.SHUTDOWN_DELAY_MS + times.SHUTDOWN_GRACE_MS };
}

/** The other objects rely on these. */
const FIXED = new Set([
  'NODE_ENV',
  'HOST',
  'PORT',
  'ADMIN_PORT',
  'DATA_REGION',
  'SUPERGRAPH',
  'GATEWAY_CONFIG',
  'SUBGRAPH_URLS',
]);

function forbidden(service: Service, { settings, workers }: ServiceValues): string[] {
  const names = [...new Set([...Object.keys(settings), ...Object.keys(workers.settings)])];
  return names.flatMap((name) => {
    if (!(name in service.settingsSchema.shape)) return `${name}: there is no such setting`;
    if (name in service.secrets) return `${name}: comes from the secret store`;
    return FIXED.has(name) ? `${name}: is fixed here` : [];
  });
}

/** @throws StartupError naming the services that values are given for and that do not exist */
export function refuseUnknownServices(values: Values, { gateway, subgraphs }: Services): void {
  const names = [gateway, ...subgraphs].map(({ name }) => name);
  const unknown = Object.keys(values.services).filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new StartupError(`services.${unknown[0]}: there is no such service, only ${names.join(', ')}`);
}
