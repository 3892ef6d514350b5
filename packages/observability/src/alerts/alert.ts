import type { SeriesValues } from './sample-series.ts';

/** `page`: somebody has to look now. `ticket`: somebody has to look in the next working days. */
export type Severity = 'page' | 'ticket';

/** Series, and which alerts are to fire on them. */
export interface AlertCase {
  /** What is tested. */
  name: string;
  series: SeriesValues;
  /** When it is looked, from the first value on, such as `10m`. */
  at: string;
  /** Cases with the same are tested at once, each on the series of all of them. @default alone */
  together?: string;
  /** Labels of each alert that has to fire, beside its name and those that the rule gives it. */
  fires: readonly Readonly<Record<string, string>>[];
}

/** One rule that tells somebody. */
export interface AlertRule {
  expr: string;
  /** For how long it has to hold, such as `5m`. */
  for: string;
  severity: Severity;
  /** Given to its alerts beside the severity. */
  labels?: Readonly<Record<string, string>>;
  /** One line. `{{ $labels.name }}` stands for a label. */
  summary: string;
}

/** Something that somebody is told of; its page is docs/runbooks/<name in kebab-case>.md. */
export interface Alert {
  /** PascalCase. */
  name: string;
  /** What is wrong for whom, in one or two sentences. `{{ $labels.name }}` stands for a label. */
  description: string;
  rules: readonly AlertRule[];
  /** It has to be shown firing, and staying silent. */
  cases: readonly AlertCase[];
}

/** Where the page of an alert is, in the repository. */
export const runbookOf = (alert: Pick<Alert, 'name'>): string => `docs/runbooks/${kebab(alert.name)}.md`;

const kebab = (name: string): string => name.replaceAll(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
