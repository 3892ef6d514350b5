/** Values of series by name and labels, one value a minute, as `promtool test rules` writes them. */
export type SeriesValues = Readonly<Record<string, string>>;

/** A stretch of time in which a counter grows evenly. */
export interface Growth {
  minutes: number;
  perMinute: number;
}

/** Values of a counter. */
export function counter(...growths: readonly Growth[]): string {
  let value = 0;
  return growths
    .map(({ minutes, perMinute }) => {
      const text = `${round(value)}+${round(perMinute)}x${minutes - 1}`;
      value += perMinute * minutes;
      return text;
    })
    .join(' ');
}

/** Values of a gauge that stays as it is. @param minutes - how long */
export const steady = (value: number, minutes: number): string => `${value}+0x${minutes - 1}`;

const round = (value: number): number => Number(value.toFixed(3));
