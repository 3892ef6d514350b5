/** Up to eight digits after the point, as composition lets labels have. */
const PERCENT = /^\d{1,3}(?:\.\d{1,8})?$/;

/** Reads a share such as `5` or `0.25`. @returns 0 to 100; undefined for anything else */
export function parsePercent(text: string): number | undefined {
  const value = PERCENT.test(text) ? Number(text) : Number.NaN;
  return value <= 100 ? value : undefined;
}

/** Reads the share in a label of the form `percent(5)`. @returns 0 to 100; undefined for other labels */
export function percentOf(label: string): number | undefined {
  const text = /^percent\((.+)\)$/.exec(label)?.[1];
  return text === undefined ? undefined : parsePercent(text);
}
