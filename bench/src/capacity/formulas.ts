/** Hours in a month as clouds count them: 8,760 hours in a year, by twelve. */
export const HOURS_PER_MONTH = 730;
const SECONDS_PER_MONTH = HOURS_PER_MONTH * 3_600;
const MS_PER_SECOND = 1_000;

/**
 * Cores that are busy: the utilisation law, U = rate × service time.
 *
 * @param rate - operations a second
 * @param cpuMs - CPU time of each, milliseconds
 */
export const busyCores = (rate: number, cpuMs: number): number => (rate * cpuMs) / MS_PER_SECOND;

/**
 * How many units carry a load when each may be filled up to a share only. At least one: nothing runs on no machine.
 *
 * @param load - in the unit of `capacity`
 * @param capacity - of one unit, above 0
 * @param utilisation - share of it that may be used, above 0 and up to 1
 */
export const unitsFor = (load: number, capacity: number, utilisation: number): number =>
  Math.max(1, Math.ceil(load / (capacity * utilisation)));

/**
 * With one to spare in each zone, so that one may fail or restart anywhere: zones × (⌈units ÷ zones⌉ + 1).
 *
 * @param units - that the load needs
 * @param zones - that they are spread over, at least 1
 */
export const withSpare = (units: number, zones: number): number => zones * (Math.ceil(units / zones) + 1);

/**
 * How many are under way at once: Little's law, L = λ × W.
 *
 * @param rate - arrivals a second
 * @param ms - how long each stays, milliseconds
 */
export const underWay = (rate: number, ms: number): number => (rate * ms) / MS_PER_SECOND;

/**
 * What a month brings when the rate is that of the busiest time.
 *
 * @param peakRate - of anything, a second
 * @param peakFactor - how many times the mean the peak is, at least 1
 */
export const perMonth = (peakRate: number, peakFactor: number): number =>
  (peakRate / peakFactor) * SECONDS_PER_MONTH;
