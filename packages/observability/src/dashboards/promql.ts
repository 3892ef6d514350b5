/** How much a counter grows in a second. @param by - labels to tell apart, with commas between them */
export const rate = (series: string, by?: string): string =>
  `sum${by === undefined ? '' : ` by (${by})`} (rate(${series}[$__rate_interval]))`;

/** A quantile of a histogram. @param selector - as `{job="a"}` */
export const quantile = (share: number, histogram: string, by = '', selector = ''): string =>
  `histogram_quantile(${share}, ${rate(`${histogram}_bucket${selector}`, by === '' ? 'le' : `le, ${by}`)})`;

/** The mean of a histogram. */
export const mean = (histogram: string, by?: string, selector = ''): string =>
  `${rate(`${histogram}_sum${selector}`, by)} / ${rate(`${histogram}_count${selector}`, by)}`;
