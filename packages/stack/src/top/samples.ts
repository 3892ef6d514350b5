/** One sample of a metric. */
export interface Sample {
  labels: Readonly<Record<string, string>>;
  value: number;
}

/** The samples of a service, by the name of their line. */
export type Samples = ReadonlyMap<string, readonly Sample[]>;

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Reads the text format of Prometheus, as prom-client writes it; what is no sample is passed over. */
export function readSamples(text: string): Samples {
  const samples = new Map<string, Sample[]>();
  for (const line of text.split('\n')) {
    const [, name, labels = '', value] = LINE.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    const pairs = [...labels.matchAll(LABEL)].map(([, label = '', raw = '']) => [label, unescaped(raw)]);
    const sample: Sample = { labels: Object.fromEntries(pairs), value: Number(value) };
    const known = samples.get(name);
    if (known) known.push(sample);
    else samples.set(name, [sample]);
  }
  return samples;
}

const unescaped = (text: string): string =>
  text.replaceAll(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));

/** The samples of a metric that have these labels. */
export const samplesOf = (samples: Samples, name: string, labels: Sample['labels'] = {}): readonly Sample[] =>
  (samples.get(name) ?? []).filter((sample) =>
    Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  );

/** Their sum; 0 when there is none. */
export const sumOf = (samples: Samples, name: string, labels: Sample['labels'] = {}): number =>
  samplesOf(samples, name, labels).reduce((sum, { value }) => sum + value, 0);

/** The values that a label of a metric has, in the order in which they come. */
export const valuesOf = (samples: Samples, name: string, label: string): readonly string[] => [
  ...new Set((samples.get(name) ?? []).flatMap(({ labels }) => labels[label] ?? [])),
];
