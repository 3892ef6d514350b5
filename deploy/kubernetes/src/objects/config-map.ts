import { createHash } from 'node:crypto';
import { StartupError } from '@tributary/platform';
import type { IConfigMap } from 'kubernetes-models/v1';
import { selectorOf } from '../pods/labels.ts';

const MOST_BYTES = 1_000_000; // the API refuses 1 MiB

/**
 * The files that a gateway reads. Its name says what is in it, so that other files are another rollout, and one that is
 * taken back finds its own.
 *
 * @throws StartupError when they are too large for a ConfigMap
 */
export function configMap(
  files: Readonly<Record<string, string>>,
): IConfigMap & { metadata: { name: string } } {
  const content = JSON.stringify(files);
  if (Buffer.byteLength(content) > MOST_BYTES)
    throw new StartupError(
      `${Object.keys(files).join(', ')}: too large for a ConfigMap, put them into the image`,
    );
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 8);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: `gateway-${hash}`,
      labels: selectorOf('gateway', 'gateway'),
      annotations: { 'argocd.argoproj.io/sync-options': 'Prune=false' },
    },
    immutable: true,
    data: { ...files },
  };
}
