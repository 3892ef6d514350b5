export { type Alert, runbookOf, type Severity } from './alerts/alert.ts';
export { type AlertGroup, alertGroups } from './alerts/alert-groups.ts';
export { alertsMarkdown } from './alerts/alerts-markdown.ts';
export type { Dashboard, Panel } from './dashboards/dashboard.ts';
export { DASHBOARDS } from './dashboards/dashboards.ts';
export { deployedFiles } from './deployed-files.ts';
export { objectivesMarkdown } from './objectives/objectives-markdown.ts';
