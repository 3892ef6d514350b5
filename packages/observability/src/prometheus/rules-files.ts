import { stringify } from 'yaml';
import { type Alert, type AlertRule, runbookOf } from '../alerts/alert.ts';
import type { AlertGroup } from '../alerts/alert-groups.ts';
import { recordOf, WINDOWS } from '../objectives/objective.ts';
import { OBJECTIVES } from '../objectives/objectives.ts';
import { GENERATED } from './generated.ts';

/** Annotations of an alert: what a person reads who is told of it. */
export const annotationsOf = (alert: Alert, rule: AlertRule): Record<string, string> => ({
  summary: rule.summary,
  description: alert.description,
  runbook_url: runbookOf(alert),
});

/** Labels that a rule gives its alerts. */
export const labelsOf = ({ severity, labels }: AlertRule): Record<string, string> => ({
  severity,
  ...labels,
});

/** A file of rules for Prometheus. */
export function rulesFile({ name, alerts }: AlertGroup): string {
  const rules = alerts.flatMap((alert) =>
    alert.rules.map((rule) => ({
      alert: alert.name,
      expr: rule.expr,
      for: rule.for,
      labels: labelsOf(rule),
      annotations: annotationsOf(alert, rule),
    })),
  );
  const groups = [{ name, rules }];
  return GENERATED + stringify({ groups }, { lineWidth: 0 });
}

/** The recorded shares of the objectives, which alerts and dashboards read. */
export function recordsFile(): string {
  const groups = OBJECTIVES.map((objective) => ({
    name: `${objective.name}_records`,
    rules: [
      ...Object.entries(objective.records ?? {}).map(([record, expr]) => ({ record, expr })),
      ...WINDOWS.map((window) => ({ record: recordOf(objective, window), expr: objective.badShare(window) })),
    ],
  }));
  return GENERATED + stringify({ groups }, { lineWidth: 0 });
}
