import { PART_OF } from '../pods/labels.ts';

/** Has Prometheus Operator scrape every pod (https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PodMonitor). */
export const podMonitor = () => ({
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PodMonitor',
  metadata: { name: 'tributary', labels: { ...PART_OF } },
  spec: {
    // `job` is the service, as the alerts have it.
    jobLabel: 'app.kubernetes.io/name',
    selector: {
      matchLabels: { ...PART_OF },
      matchExpressions: [{ key: 'app.kubernetes.io/component', operator: 'NotIn', values: ['migration'] }],
    },
    podMetricsEndpoints: [{ port: 'admin', path: '/metrics', interval: '15s' }],
  },
});
