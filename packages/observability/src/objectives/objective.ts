import type { SeriesValues } from '../alerts/sample-series.ts';

/** Over how long a share is measured, as PromQL writes it; those that the burn rates ask for. */
export const WINDOWS = ['5m', '30m', '1h', '6h', '3d'] as const;

/** One of the windows. */
export type Window = (typeof WINDOWS)[number];

/** A stretch of time in which the same share is bad. */
export interface Phase {
  minutes: number;
  /** From 0 to 1. */
  bad: number;
}

/** What is promised, and how it is measured. */
export interface Objective {
  /** In the names of recorded series: snake_case. */
  name: string;
  /** What its alert is called: PascalCase. */
  alert: string;
  /** For people, in the middle of a sentence. */
  title: string;
  /** What is counted as bad, in one sentence. */
  bad: string;
  /** The share that has to be good, from 0 to 1. */
  target: number;
  /** Recorded before the shares, by name. */
  records?: Readonly<Record<string, string>>;
  /** PromQL of the share that is bad. */
  badShare(window: Window): string;
  /** Series in which that share is bad, for the tests of its alert. */
  sample(phases: readonly Phase[]): SeriesValues;
}

/** The name of the recorded share that is bad. */
export const recordOf = ({ name }: Pick<Objective, 'name'>, window: Window): string =>
  `slo:${name}_bad:ratio_${window}`;

/** The share that may be bad. */
export const budgetOf = ({ target }: Pick<Objective, 'target'>): number => Number((1 - target).toFixed(6));
