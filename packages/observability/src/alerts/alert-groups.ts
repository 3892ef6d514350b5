import type { Alert } from './alert.ts';
import { BUDGET_ALERTS } from './budget-alerts.ts';
import { DATABASE_ALERTS } from './causes/databases.ts';
import { DOMAIN_EVENT_ALERTS } from './causes/domain-events.ts';
import { GATEWAY_ALERTS } from './causes/gateway.ts';
import { JOB_ALERTS } from './causes/jobs.ts';
import { serviceAlerts } from './causes/services.ts';
import { STORE_ALERTS } from './causes/stores.ts';

/** Alerts that stand in one file. */
export interface AlertGroup {
  /** Of the file and in Prometheus. */
  name: string;
  alerts: readonly Alert[];
}

/** Every alert. @param jobs - names of the services, as Prometheus calls their scrape jobs */
export const alertGroups = (jobs: readonly string[]): readonly AlertGroup[] => [
  { name: 'objectives', alerts: BUDGET_ALERTS },
  { name: 'services', alerts: serviceAlerts(jobs) },
  { name: 'gateway', alerts: GATEWAY_ALERTS },
  { name: 'stores', alerts: STORE_ALERTS },
  { name: 'databases', alerts: DATABASE_ALERTS },
  { name: 'jobs', alerts: JOB_ALERTS },
  { name: 'domain-events', alerts: DOMAIN_EVENT_ALERTS },
];
