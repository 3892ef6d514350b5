import type { IContainer, IEnvVar, IProbe } from 'kubernetes-models/v1';
import type { Environment } from '../services/environment.ts';
import { PORTS } from '../services/service.ts';
import type { Values } from '../values/schema.ts';

/** Name of the Secret with a service's secret settings. */
export const secretName = (service: string): string => `${service}-settings`;

/** The image of a service. */
export const imageOf = ({ image: { registry, tag } }: Values, service: string): string =>
  `${registry}/${service}:${tag}`;

/** No more rights than reading its own files; docker-compose.yml has the same. */
export const RESTRICTED: NonNullable<IContainer['securityContext']> = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

/** The container's own folder for files that nobody keeps. */
export const TEMPORARY = { name: 'tmp', mountPath: '/tmp' } as const;

const probe = (path: string, times: Pick<IProbe, 'periodSeconds' | 'failureThreshold'>): IProbe => ({
  httpGet: { path, port: 'http' },
  timeoutSeconds: 3, // a dependency that is asked by /health/ready has 2
  ...times,
});

/** How the kubelet asks for health: a start may take two minutes, and one slow answer ends nothing. */
export const PROBES = {
  startupProbe: probe('/health/live', { periodSeconds: 2, failureThreshold: 60 }),
  livenessProbe: probe('/health/live', { periodSeconds: 10, failureThreshold: 6 }),
  readinessProbe: probe('/health/ready', { periodSeconds: 3, failureThreshold: 2 }),
} satisfies Partial<IContainer>;

/** Ports by the names that Services, probes and the PodMonitor use. */
export const CONTAINER_PORTS: NonNullable<IContainer['ports']> = Object.entries(PORTS).map(
  ([name, containerPort]) => ({ name, containerPort }),
);

/** Variables of a container: values as they are, and secrets from the service's Secret. */
export const variables = (
  service: string,
  { settings, secrets }: Pick<Environment, 'settings' | 'secrets'>,
): IEnvVar[] => [
  ...Object.entries(settings).map(([name, value]) => ({ name, value })),
  ...secrets.map((name) => ({
    name,
    valueFrom: { secretKeyRef: { name: secretName(service), key: name } },
  })),
];

/** Memory is promised and limited alike, so that nobody else is pushed out; CPU has no limit, which would only slow it. */
export const resourcesOf = ({
  cpu,
  memory,
}: {
  cpu: string;
  memory: string;
}): NonNullable<IContainer['resources']> => ({
  requests: { cpu, memory },
  limits: { memory },
});
