import type { IHorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { type Component, selectorOf } from '../pods/labels.ts';

/** Metrics of pods that Prometheus Adapter has to serve; docs/deployment.md has its rules. */
export const POD_METRICS = {
  loopDelay: 'nodejs_eventloop_lag_p99_seconds',
  queueAge: 'job_oldest_due_seconds',
} as const;

const CPU_PERCENT = 65; // of the request; Node uses little more than one core
const LOOP_DELAY = '100m'; // 0.1 seconds
const QUEUE_AGE = '30'; // seconds that the oldest job is overdue

const ofPods = (name: string, averageValue: string) => ({
  type: 'Pods',
  pods: { metric: { name }, target: { type: 'AverageValue', averageValue } },
});

/**
 * Scales a Deployment by CPU and by what its users feel: a late event loop where requests are answered, overdue jobs where
 * jobs are done. More are added at once, fewer are left slowly.
 */
export const autoscaler = (
  name: string,
  service: string,
  component: Component,
  { min, max }: { min: number; max: number },
): IHorizontalPodAutoscaler => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name, labels: selectorOf(service, component) },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
    minReplicas: min,
    maxReplicas: max,
    metrics: [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: CPU_PERCENT } },
      },
      component === 'worker'
        ? ofPods(POD_METRICS.queueAge, QUEUE_AGE)
        : ofPods(POD_METRICS.loopDelay, LOOP_DELAY),
    ],
    behavior: {
      scaleUp: {
        stabilizationWindowSeconds: 0,
        policies: [{ type: 'Percent', value: 100, periodSeconds: 30 }],
      },
      scaleDown: {
        stabilizationWindowSeconds: 300,
        policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }],
      },
    },
  },
});
