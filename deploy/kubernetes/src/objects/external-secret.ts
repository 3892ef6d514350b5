import { secretName } from '../pods/container.ts';
import { selectorOf } from '../pods/labels.ts';
import type { Values } from '../values/schema.ts';

/**
 * A Secret that the External Secrets Operator makes from a store (https://external-secrets.io): no secret is in a manifest.
 *
 * @param secrets - for each variable, the key of the store that it is a property of
 */
export const externalSecret = (
  { secrets: { store, kind } }: Values,
  service: string,
  secrets: Readonly<Record<string, string>>,
) => ({
  apiVersion: 'external-secrets.io/v1',
  kind: 'ExternalSecret',
  metadata: {
    name: secretName(service),
    labels: selectorOf(service, 'api'),
    annotations: { 'argocd.argoproj.io/sync-wave': '-2' },
  },
  spec: {
    refreshInterval: '5m',
    secretStoreRef: { name: store, kind },
    target: { name: secretName(service), creationPolicy: 'Owner' },
    data: Object.entries(secrets).map(([secretKey, key]) => ({
      secretKey,
      remoteRef: { key, property: secretKey },
    })),
  },
});
