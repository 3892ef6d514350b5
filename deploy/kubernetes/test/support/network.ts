import type { KubernetesObject } from './cluster.ts';
import { matches } from './cluster.ts';

/** One end of a connection: a pod by its labels, a namespace by its name, or an address. */
export type End = { labels: Record<string, string> } | { namespace: string } | { address: string };

interface Rule {
  from?: PeerRule[];
  to?: PeerRule[];
  ports: { port: number; protocol: string }[];
}
interface PeerRule {
  podSelector?: { matchLabels: Record<string, string> };
  namespaceSelector?: { matchLabels: Record<string, string> };
  ipBlock?: { cidr: string; except?: string[] };
}

/**
 * Whether network policies let one end open a connection to another, as Kubernetes has it: each end that is a pod and that a
 * policy of the direction selects is closed but for what one of those policies says.
 */
export function isAllowed(policies: readonly KubernetesObject[], from: End, to: End, port: number): boolean {
  return isOpen(policies, 'Egress', from, to, port) && isOpen(policies, 'Ingress', to, from, port);
}

function isOpen(
  policies: readonly KubernetesObject[],
  direction: 'Ingress' | 'Egress',
  self: End,
  other: End,
  port: number,
): boolean {
  if (!('labels' in self)) return true;
  const selecting = policies.filter(
    ({ spec }) => spec.policyTypes.includes(direction) && matches(spec.podSelector.matchLabels, self.labels),
  );
  if (selecting.length === 0) return true;
  const rules: Rule[] = selecting.flatMap(({ spec }) => spec[direction.toLowerCase()] ?? []);
  return rules.some(
    ({ from, to, ports }) =>
      ports.some((one) => one.port === port) && (from ?? to ?? []).some((peer) => isPeer(peer, other)),
  );
}

function isPeer({ podSelector, namespaceSelector, ipBlock }: PeerRule, other: End): boolean {
  if ('labels' in other)
    return podSelector !== undefined && !namespaceSelector && matches(podSelector.matchLabels, other.labels);
  if ('namespace' in other)
    return namespaceSelector?.matchLabels['kubernetes.io/metadata.name'] === other.namespace;
  if (!ipBlock) return false;
  const inside = (range: string) =>
    other.address.startsWith(range.split('.').slice(0, octets(range)).join('.'));
  return inside(ipBlock.cidr) && !(ipBlock.except ?? []).some(inside);
}

/** Of a range that ends at an octet, which is enough for these tests. */
const octets = (range: string): number => Math.floor(Number(range.split('/')[1]) / 8);
