/** A number of something each second. */
export const perSecond = (rate: number): string =>
  rate === 0 ? '0' : rate < 0.1 ? '<0.1' : rate.toFixed(rate < 10 ? 1 : 0);

/** A time. @param seconds - null for none */
export function duration(seconds: number | null): string {
  if (seconds === null) return '-';
  if (seconds === 0) return '0 s';
  if (seconds < 1) return `${(seconds * 1_000).toFixed(seconds < 0.01 ? 1 : 0)} ms`;
  if (seconds < 120) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = seconds / 60;
  return minutes < 120 ? `${minutes.toFixed(0)} min` : `${(minutes / 60).toFixed(0)} h`;
}

/** A share of a whole. @returns a dash where the whole is nothing */
export const percent = (part: number, whole: number): string =>
  whole === 0 ? '-' : `${((part / whole) * 100).toFixed(part > 0 && part / whole < 0.1 ? 1 : 0)} %`;

/** A number of bytes. */
export const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(0)} MB`;
