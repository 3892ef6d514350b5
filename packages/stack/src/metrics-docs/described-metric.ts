import type { Registry } from '@tributary/platform';

/** One metric, for people. */
export interface DescribedMetric {
  name: string;
  type: string;
  labels: readonly string[];
  help: string;
}

/** What prom-client registers by itself; what there is of it depends on the operating system. */
const BY_DEFAULT = /^(?:nodejs|process)_/;

/** prom-client keeps the names of the labels to itself. */
interface WithLabels {
  labelNames: readonly string[];
}

/** The metrics of a registry that our code has registered, by name. */
export const describeMetrics = (registry: Registry): DescribedMetric[] =>
  registry
    .getMetricsAsArray()
    .filter(({ name }) => !BY_DEFAULT.test(name))
    .map((metric) => {
      const { name, help, type, labelNames } = metric as typeof metric & WithLabels;
      // Its types have a number for what is a word.
      return { name, help, type: String(type), labels: labelNames };
    })
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
