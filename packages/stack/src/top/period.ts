import { type Sample, type Samples, samplesOf, sumOf } from './samples.ts';

/** What a service measured over some time. */
export class Period {
  /** At its end. */
  readonly now: Samples;
  /** In seconds. */
  readonly length: number;
  readonly #before: Samples;

  /** @param before - at its beginning; empty for the start of the process */
  constructor(before: Samples, now: Samples, length: number) {
    this.now = now;
    this.length = length;
    this.#before = before;
  }

  /** How much a counter rose. A service that was started again began at 0. */
  increase(name: string, labels: Sample['labels'] = {}): number {
    const [before, now] = [sumOf(this.#before, name, labels), sumOf(this.now, name, labels)];
    return now >= before ? now - before : now;
  }

  /** How much a counter rose in a second, on average. */
  rate(name: string, labels: Sample['labels'] = {}): number {
    return this.length > 0 ? this.increase(name, labels) / this.length : 0;
  }

  /**
   * How much time observations took: so many of them took no longer. As exact as the buckets are.
   *
   * @param name - of a histogram
   * @param share - from 0 to 1: 0.5 is the median
   * @returns seconds; null when there were no observations
   */
  quantile(name: string, share: number, labels: Sample['labels'] = {}): number | null {
    const bounds = [
      ...new Set(samplesOf(this.now, `${name}_bucket`, labels).map(({ labels: { le = '' } }) => le)),
    ]
      .map((le) => ({ le, bound: le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le) }))
      .sort((a, b) => a.bound - b.bound)
      .map(({ le, bound }) => ({ bound, count: this.increase(`${name}_bucket`, { ...labels, le }) }));
    const wanted = (bounds.at(-1)?.count ?? 0) * share;
    if (wanted === 0) return null;
    let lower = { bound: 0, count: 0 };
    for (const bucket of bounds) {
      if (bucket.count >= wanted) {
        if (!Number.isFinite(bucket.bound)) return lower.bound;
        const within = (wanted - lower.count) / (bucket.count - lower.count);
        return lower.bound + (bucket.bound - lower.bound) * within;
      }
      lower = bucket;
    }
    return lower.bound;
  }
}
