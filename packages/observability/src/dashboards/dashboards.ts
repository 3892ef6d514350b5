import type { Dashboard } from './dashboard.ts';
import { OPERATION_ROWS } from './gateway-operations.ts';
import { GATEWAY_ROWS } from './gateway-rows.ts';
import { JOBS } from './jobs.ts';
import { OVERVIEW } from './overview.ts';
import { RUNTIME } from './runtime.ts';
import { SUBGRAPHS } from './subgraphs.ts';

/** What the gateways do. */
const GATEWAY: Dashboard = {
  uid: 'tributary-gateway',
  title: 'Tributary: gateway',
  description: 'Operations by time, overload, subgraphs, caches and subscriptions.',
  rows: [...OPERATION_ROWS, ...GATEWAY_ROWS],
};

/** Every dashboard. */
export const DASHBOARDS: readonly Dashboard[] = [OVERVIEW, GATEWAY, SUBGRAPHS, JOBS, RUNTIME];
