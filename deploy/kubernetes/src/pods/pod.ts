import type { IContainer, IPodSpec } from 'kubernetes-models/v1';
import type { Values } from '../values/schema.ts';
import { TEMPORARY } from './container.ts';

/** The account of all pods, which may ask the cluster for nothing. */
export const SERVICE_ACCOUNT = 'tributary';

const NODE_USER = 1000; // `node` of the image; the kubelet can only tell by number that it is not root

/** What a pod has beside what all have. */
export interface PodParts {
  containers: IContainer[];
  initContainers?: IContainer[];
  volumes?: NonNullable<IPodSpec['volumes']>;
  /** Seconds from SIGTERM until it is killed. */
  grace: number;
}

/** A pod under the "restricted" standard (https://kubernetes.io/docs/concepts/security/pod-security-standards). */
export const podSpec = (
  { image }: Values,
  { containers, initContainers, volumes = [], grace }: PodParts,
): IPodSpec => ({
  serviceAccountName: SERVICE_ACCOUNT,
  automountServiceAccountToken: false,
  // Otherwise each Service adds variables such as USERS_PORT=tcp://…, which are settings of ours.
  enableServiceLinks: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: NODE_USER,
    runAsGroup: NODE_USER,
    seccompProfile: { type: 'RuntimeDefault' },
  },
  ...(image.pullSecrets.length > 0 && { imagePullSecrets: image.pullSecrets.map((name) => ({ name })) }),
  ...(initContainers && { initContainers }),
  containers,
  volumes: [{ name: TEMPORARY.name, emptyDir: { sizeLimit: '256Mi' } }, ...volumes],
  terminationGracePeriodSeconds: grace,
});
