import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { type Component, selectorOf } from '../pods/labels.ts';

/** Lets nodes be drained one pod at a time; one that is not ready holds up nobody. */
export const disruptionBudget = (
  name: string,
  service: string,
  component: Component,
): IPodDisruptionBudget => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name, labels: selectorOf(service, component) },
  spec: {
    maxUnavailable: 1,
    unhealthyPodEvictionPolicy: 'AlwaysAllow',
    selector: { matchLabels: selectorOf(service, component) },
  },
});
