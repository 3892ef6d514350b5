import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { INamespace, IServiceAccount } from 'kubernetes-models/v1';
import { commonPolicies } from '../objects/network-policies.ts';
import { podMonitor } from '../objects/pod-monitor.ts';
import { PART_OF } from '../pods/labels.ts';
import { SERVICE_ACCOUNT } from '../pods/pod.ts';
import type { Values } from '../values/schema.ts';
import { add } from './add.ts';

/** The namespace, in which pods have to be restricted. */
export class NamespaceChart extends Chart {
  constructor(scope: Construct, values: Values) {
    super(scope, 'namespace');
    const namespace: INamespace = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: values.namespace,
        labels: {
          ...PART_OF,
          'pod-security.kubernetes.io/enforce': 'restricted',
          'pod-security.kubernetes.io/warn': 'restricted',
        },
        annotations: { 'argocd.argoproj.io/sync-wave': '-3' },
      },
    };
    add(this, namespace);
  }
}

/** What all pods have in common: their account, what none of them may do, and who reads their metrics. */
export class BaseChart extends Chart {
  constructor(scope: Construct, values: Values) {
    super(scope, 'base', { namespace: values.namespace });
    const account: IServiceAccount = {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: {
        name: SERVICE_ACCOUNT,
        labels: { ...PART_OF },
        annotations: { 'argocd.argoproj.io/sync-wave': '-2' },
      },
      automountServiceAccountToken: false,
    };
    add(this, account, ...commonPolicies(values), podMonitor());
  }
}
