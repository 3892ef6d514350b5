import type * as units from '@grafana/grafana-foundation-sdk/units';

/** What the values of a panel are. */
export type Unit = Extract<(typeof units)[keyof typeof units], string>;

/** One question to Prometheus. */
export interface Query {
  /** PromQL; `$__rate_interval` stands for a window that fits what is seen, `$job` for the services that are chosen. */
  expr: string;
  /** Names a line by its labels: `{{subgraph}}`. */
  legend?: string;
  /** There is nothing to show until this has happened. @default there always is when there is traffic */
  emptyUntil?: string;
}

/** A figure, or lines over time. */
export interface Panel {
  title: string;
  /** What is to be read from it. */
  description: string;
  kind: 'lines' | 'areas' | 'figure';
  unit: Unit;
  queries: readonly Query[];
  /** From here on it is red. */
  bad?: number;
}

/** Panels under one heading. */
export interface Row {
  title: string;
  panels: readonly Panel[];
}

/** One page in Grafana. */
export interface Dashboard {
  /** In its address, and the name of its file. */
  uid: string;
  title: string;
  description: string;
  /** Whether one may choose among the services. */
  choosesJob?: boolean;
  rows: readonly Row[];
}
