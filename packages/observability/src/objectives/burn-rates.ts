import type { Severity } from '../alerts/alert.ts';
import type { Window } from './objective.ts';

/** How fast a budget may be used up before somebody is told. */
export interface BurnRate {
  /** Times as fast as would use up the budget in exactly 30 days. */
  factor: number;
  /** Shows that it is no blip. */
  long: Window;
  /** Shows that it still goes on. */
  short: Window;
  severity: Severity;
}

/** As in the Site Reliability Workbook, chapter 5: 2% of the budget in an hour, 5% in six hours, 10% in three days. */
export const BURN_RATES: readonly BurnRate[] = [
  { factor: 14.4, long: '1h', short: '5m', severity: 'page' },
  { factor: 6, long: '6h', short: '30m', severity: 'page' },
  { factor: 1, long: '3d', short: '6h', severity: 'ticket' },
];
