import { relative } from 'node:path/posix';
import { runbookOf } from './alert.ts';
import { type AlertGroup, alertGroups } from './alert-groups.ts';

/** A table of the alerts of a group, for a page in docs/. */
const tableOf = ({ name, alerts }: AlertGroup): string =>
  alerts
    .map((alert) => {
      const severities = [...new Set(alert.rules.map(({ severity }) => severity))];
      const page = relative('docs', runbookOf(alert));
      return `| ${name} | [${alert.name}](${page}) | ${severities.join(', ')} | ${alert.description.replaceAll('|', '\\|')} |`;
    })
    .join('\n');

/** The table of all alerts, for docs/operations.md. @param services - names of the services */
export const alertsMarkdown = (services: readonly string[]): string =>
  `| | Alert | Severity | |\n| --- | --- | --- | --- |\n${alertGroups(services).map(tableOf).join('\n')}`;
