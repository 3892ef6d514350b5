import type { Registry } from '@tributary/platform';

/** A figure, of the first series that has these labels; 0 where there is none. */
export async function figure(
  registry: Registry,
  name: string,
  labels: Record<string, string> = {},
): Promise<number> {
  const { values } = (await registry.getSingleMetric(name)?.get()) ?? { values: [] };
  const series = values.find(
    (value) =>
      // Of a histogram, how often it was observed.
      (!('metricName' in value) || value.metricName === `${name}_count`) &&
      Object.entries(labels).every(([label, text]) => value.labels[label] === text),
  );
  return series?.value ?? 0;
}
