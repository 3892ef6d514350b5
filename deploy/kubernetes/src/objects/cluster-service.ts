import type { IService } from 'kubernetes-models/v1';
import { type Component, selectorOf } from '../pods/labels.ts';
import { PORTS } from '../services/service.ts';

/** The address of a service inside of the cluster. The admin port is in no Service: pods are scraped one by one. */
export const clusterService = (name: string, component: Component): IService => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, labels: selectorOf(name, component) },
  spec: {
    selector: selectorOf(name, component),
    ports: [{ name: 'http', port: PORTS.http, targetPort: 'http' }],
  },
});
