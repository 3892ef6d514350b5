/** A time as a person reads it. @param ms - milliseconds */
export function time(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms >= 100) return `${ms.toFixed(0)} ms`;
  return ms >= 10 ? `${ms.toFixed(1)} ms` : `${ms.toFixed(2)} ms`;
}

/** A size as a person reads it; a dash when there is none. @param bytes - null for what was not sent */
export function size(bytes: number | null): string {
  if (bytes === null) return '–';
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A count with its noun. */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number.toLocaleString('en')} ${number === 1 ? one : many}`;

/** A path in the answer. */
export const place = (path: readonly (string | number)[]): string =>
  path.length > 0 ? path.join('.').replaceAll('.@', '[]') : 'root';

/**
 * Marks for an axis from 0: between four and nine, at 1, 2 or 5 times a power of ten.
 *
 * @param length - of the axis
 */
export function ticks(length: number): number[] {
  if (!(length > 0)) return [0];
  const power = 10 ** Math.floor(Math.log10(length / 4));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => length / candidate <= 8);
  const width = step ?? length;
  return Array.from({ length: Math.floor(length / width) + 1 }, (_, index) => index * width);
}

/** A mark of an axis, with as many decimals as its neighbours need. */
export const tickLabel = (ms: number, step: number): string =>
  `${ms.toFixed(Math.max(0, -Math.floor(Math.log10(step || 1))))} ms`;
