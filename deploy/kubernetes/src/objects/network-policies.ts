import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { type Component, PART_OF, selectorOf } from '../pods/labels.ts';
import { PORTS, type Service } from '../services/service.ts';
import type { Peer, Values } from '../values/schema.ts';

type Rules = NonNullable<NonNullable<INetworkPolicy['spec']>['egress']>;
type Ports = NonNullable<Rules[number]['ports']>;
type Selector = Record<string, string>;

/** Addresses that are nobody's on the internet: the cluster's own, and those of clouds' metadata. */
const PRIVATE = ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'];

const tcp = (...ports: number[]): Ports => ports.map((port) => ({ protocol: 'TCP', port }));
const namespace = (name: string) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});
const podsWith = (matchLabels: Selector) => ({ podSelector: { matchLabels } });
const outside = (peer: Peer) => ({
  to: [peer.cidr === undefined ? namespace(String(peer.namespace)) : { ipBlock: { cidr: peer.cidr } }],
  ports: tcp(peer.port),
});

const policy = (
  name: string,
  podSelector: Selector,
  rules: { ingress?: Rules; egress?: Rules },
): INetworkPolicy => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, labels: { ...PART_OF } },
  spec: {
    podSelector: { matchLabels: podSelector },
    policyTypes: [
      ...(rules.ingress ? (['Ingress'] as const) : []),
      ...(rules.egress ? (['Egress'] as const) : []),
    ],
    ...rules,
  },
});

/** Nothing goes in or out, but what other policies let through; names are looked up, and metrics read. */
export const commonPolicies = (values: Values): INetworkPolicy[] => [
  policy('default-deny', { ...PART_OF }, { ingress: [], egress: [] }),
  policy(
    'names-and-metrics',
    { ...PART_OF },
    {
      ingress: [{ from: [namespace(values.monitoring.namespace)], ports: tcp(PORTS.admin) } as Rules[number]],
      egress: [
        {
          to: [namespace('kube-system')],
          ports: [
            { protocol: 'UDP', port: 53 },
            { protocol: 'TCP', port: 53 },
          ],
        },
        ...(values.traces ? [outside(values.traces.collector)] : []),
        ...values.egress.map(outside),
      ],
    },
  ),
];

/** Who may ask a service, and whom each of its Deployments may ask. */
export interface Neighbours {
  service: Service;
  /** What its pods are, and whether they answer or only work. */
  components: readonly Component[];
  /** Pods that ask it. */
  callers: readonly Selector[];
  /** Pods that it asks. */
  called: readonly Selector[];
}

/** The policy of one service. */
export function servicePolicies(values: Values, neighbours: Neighbours): INetworkPolicy[] {
  const { service, components, callers, called } = neighbours;
  const fromIngress = service.publicPaths.length > 0 ? [namespace(values.ingress.namespace)] : [];
  const from = [...callers.map(podsWith), ...fromIngress];
  const egress: Rules = [
    ...(called.length > 0 ? [{ to: called.map(podsWith), ports: tcp(PORTS.http) }] : []),
    outside(values.redis),
    ...(service.database ? [outside(values.postgres)] : []),
    ...(service.database && values.pooler ? [outside(values.pooler)] : []),
    ...(service.internet.length > 0
      ? [
          {
            to: [{ ipBlock: { cidr: '0.0.0.0/0', except: PRIVATE } }],
            ports: tcp(...new Set(service.internet)),
          },
        ]
      : []),
  ];
  return components.map((component) =>
    policy(
      component === 'worker' ? `${service.name}-worker` : service.name,
      selectorOf(service.name, component),
      {
        ...(component !== 'worker' && { ingress: [{ from, ports: tcp(PORTS.http) } as Rules[number]] }),
        egress,
      },
    ),
  );
}

/** The migrations ask databases alone. */
export const migrationPolicy = (values: Values): INetworkPolicy =>
  policy('migrate', selectorOf('migrate', 'migration'), { egress: [outside(values.postgres)] });
