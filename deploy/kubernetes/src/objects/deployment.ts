import type { IDeployment } from 'kubernetes-models/apps/v1';
import type { IPodSpec } from 'kubernetes-models/v1';
import { awaitMigrations } from '../pods/await-migrations.ts';
import {
  CONTAINER_PORTS,
  imageOf,
  PROBES,
  RESTRICTED,
  resourcesOf,
  TEMPORARY,
  variables,
} from '../pods/container.ts';
import { type Component, selectorOf } from '../pods/labels.ts';
import { podSpec } from '../pods/pod.ts';
import type { Environment } from '../services/environment.ts';
import type { Service } from '../services/service.ts';
import type { Values } from '../values/schema.ts';

const LEEWAY = 5_000; // milliseconds between the end that a process has at the latest and its being killed

/** What one Deployment is made of. */
export interface DeploymentParts {
  values: Values;
  service: Service;
  component: Component;
  /** Of the Deployment. */
  name: string;
  environment: Environment;
  resources: { cpu: string; memory: string };
  /** A folder of files from a ConfigMap. */
  files?: { configMap: string; folder: string };
}

/** A service with as many pods as its autoscaler says; a new one has to be ready before an old one goes. */
export function deployment(parts: DeploymentParts): IDeployment {
  const { values, service, component, name, environment, resources, files } = parts;
  const labels = selectorOf(service.name, component);
  const image = imageOf(values, service.name);
  const pod = podSpec(values, {
    grace: Math.ceil((environment.shutdown + LEEWAY) / 1_000),
    ...(service.database && {
      initContainers: [awaitMigrations(service.name, service.database, image)],
    }),
    ...(files && { volumes: [{ name: 'config', configMap: { name: files.configMap } }] }),
    containers: [
      {
        name: service.name,
        image,
        ...(service.command && { command: [...service.command] }),
        env: variables(service.name, environment),
        ports: CONTAINER_PORTS,
        ...PROBES,
        securityContext: RESTRICTED,
        resources: resourcesOf(resources),
        volumeMounts: [
          { ...TEMPORARY },
          ...(files ? [{ name: 'config', mountPath: files.folder, readOnly: true }] : []),
        ],
      },
    ],
  });
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name,
      labels,
      // Argo CD lets it wait for the subgraphs that it plans for.
      ...(component === 'gateway' && { annotations: { 'argocd.argoproj.io/sync-wave': '1' } }),
    },
    spec: {
      revisionHistoryLimit: 5,
      minReadySeconds: 5,
      progressDeadlineSeconds: 900, // the migrations are waited for as well
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels: { ...labels, 'app.kubernetes.io/version': values.image.tag } },
        spec: { ...pod, topologySpreadConstraints: spreadOver(labels) },
      },
    },
  };
}

/** Over zones, then over nodes, each version by itself; better badly spread than not there. */
const spreadOver = (
  matchLabels: Record<string, string>,
): NonNullable<IPodSpec['topologySpreadConstraints']> =>
  ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
    topologyKey,
    maxSkew: 1,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels },
    matchLabelKeys: ['pod-template-hash'],
  }));
