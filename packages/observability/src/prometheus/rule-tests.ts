import { stringify } from 'yaml';
import type { Alert, AlertCase, AlertRule } from '../alerts/alert.ts';
import type { AlertGroup } from '../alerts/alert-groups.ts';
import { GENERATED } from './generated.ts';
import { annotationsOf, labelsOf } from './rules-files.ts';

/** A file of tests for `promtool test rules`: each alert fires when it has to, with its labels and texts, and else does not. */
export function ruleTests({ name, alerts }: AlertGroup): string {
  const cases = alerts.flatMap((alert) => alert.cases.map((one) => ({ alert, one })));
  const tests = [...groupBy(cases, ({ alert, one }) => one.together ?? `${alert.name}: ${one.name}`)].map(
    ([title, members]) => ({
      name: title,
      interval: '1m',
      input_series: Object.entries(Object.assign({}, ...members.map(({ one }) => one.series))).map(
        ([series, values]) => ({ series, values }),
      ),
      alert_rule_test: members.map(({ alert, one }) => ({
        eval_time: one.at,
        alertname: alert.name,
        exp_alerts: expectedOf(alert, one),
      })),
    }),
  );
  const file = {
    rule_files: [...(readsRecords(alerts) ? ['../rules/records.yml'] : []), `../rules/${name}.yml`],
    evaluation_interval: '1m',
    tests,
  };
  return GENERATED + stringify(file, { lineWidth: 0 });
}

const readsRecords = (alerts: readonly Alert[]): boolean =>
  alerts.some(({ rules }) => rules.some(({ expr }) => expr.includes('slo:')));

const expectedOf = (alert: Alert, { fires }: AlertCase) =>
  fires.map((labels) => {
    const rule = ruleFor(alert, labels);
    const all = { ...labels, ...labelsOf(rule) };
    const annotations = Object.entries(annotationsOf(alert, rule));
    return {
      exp_labels: all,
      exp_annotations: Object.fromEntries(annotations.map(([key, text]) => [key, filled(text, all)])),
    };
  });

/** The rule of an alert that gives these labels. @throws when there is none */
function ruleFor(alert: Alert, labels: Readonly<Record<string, string>>): AlertRule {
  const fits = ({ labels: own = {} }: AlertRule) =>
    Object.entries(own).every(([name, value]) => (labels[name] ?? value) === value);
  const rule = alert.rules.find(fits);
  if (!rule) throw new Error(`${alert.name} has no rule with the labels ${JSON.stringify(labels)}`);
  return rule;
}

/** As Prometheus fills in labels. */
const filled = (text: string, labels: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_match, name: string) => labels[name] ?? '');

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
