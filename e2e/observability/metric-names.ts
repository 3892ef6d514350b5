import type { Registry } from '@tributary/platform';

/** The labels of metrics, by the name of their series. */
export type KnownMetrics = ReadonlyMap<string, ReadonlySet<string>>;

/** Labels that Prometheus adds, or the platform to every series. */
const EVERYWHERE = ['job', 'instance', 'service'];
const OWN: readonly [string, readonly string[]][] = [
  ['up', []],
  ['ALERTS', ['alertname', 'alertstate', 'severity']],
];

/** What there is to ask for: all series that registries can have, and those of Prometheus itself. */
export async function knownMetrics(registries: readonly Registry[]): Promise<KnownMetrics> {
  const known = new Map<string, Set<string>>();
  const add = (name: string, labels: readonly string[]) =>
    known.set(name, new Set([...(known.get(name) ?? []), ...labels, ...EVERYWHERE]));
  for (const [name, labels] of OWN) add(name, labels);
  for (const registry of registries) {
    for (const { name, type } of await registry.getMetricsAsJSON()) {
      const { labelNames } = registry.getSingleMetric(name) as unknown as { labelNames: string[] };
      add(name, labelNames);
      if (String(type) !== 'histogram') continue;
      for (const part of ['sum', 'count']) add(`${name}_${part}`, labelNames);
      add(`${name}_bucket`, [...labelNames, 'le']);
    }
  }
  return known;
}

/** A series that PromQL asks for. */
export interface Asked {
  name: string;
  /** That it is chosen by. */
  labels: string[];
}

/** The series that a query asks for, by their names and the labels that they are chosen by. */
export function askedIn(expr: string): Asked[] {
  const plain = expr.replaceAll(/\b(by|without|on|ignoring) \([^)]*\)/g, '').replaceAll(/"[^"]*"/g, '""');
  return [...plain.matchAll(/\b([a-zA-Z_:][\w:]*)(?![\w:]*\s*[(=!])(\{[^}]*\})?/g)]
    .filter(([, name = '', matchers]) => matchers !== undefined || !WORDS.has(name))
    .filter(({ index }) => !/\{[^}]*$|\[[^\]]*$/.test(plain.slice(0, index)))
    .map(([, name = '', matchers = '']) => ({
      name,
      labels: [...matchers.matchAll(/(\w+)\s*(?:=|!)/g)].map(([, label = '']) => label),
    }));
}

/** Labels by which a query groups what it asks for. */
export const groupedBy = (expr: string): string[] =>
  [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(/\s*,\s*/));

const WORDS = new Set(['and', 'or', 'unless', 'bool', 'offset']);
