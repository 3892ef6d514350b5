import { alertGroups } from './alerts/alert-groups.ts';
import { DASHBOARDS } from './dashboards/dashboards.ts';
import { renderDashboard } from './dashboards/render.ts';
import { ruleTests } from './prometheus/rule-tests.ts';
import { recordsFile, rulesFile } from './prometheus/rules-files.ts';
import { scrapeConfig } from './prometheus/scrape-config.ts';

/**
 * What Prometheus and Grafana are given, by where it is in the repository.
 *
 * @param services - names of those that have metrics: the gateway and every subgraph
 */
export function deployedFiles(services: readonly string[]): ReadonlyMap<string, string> {
  const groups = alertGroups(services);
  return new Map([
    ['deploy/prometheus/prometheus.yml', scrapeConfig(services)],
    ['deploy/prometheus/rules/records.yml', recordsFile()],
    ...groups.map((group) => [`deploy/prometheus/rules/${group.name}.yml`, rulesFile(group)] as const),
    ...groups.map((group) => [`deploy/prometheus/tests/${group.name}.yml`, ruleTests(group)] as const),
    ...DASHBOARDS.map(
      (dashboard) => [`deploy/grafana/dashboards/${dashboard.uid}.json`, renderDashboard(dashboard)] as const,
    ),
  ]);
}
