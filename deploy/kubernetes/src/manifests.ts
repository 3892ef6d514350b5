import { App } from 'cdk8s';
import { BaseChart, NamespaceChart } from './charts/base-chart.ts';
import { GatewayChart } from './charts/gateway-chart.ts';
import { MigrationChart } from './charts/migration-chart.ts';
import { SubgraphChart } from './charts/subgraph-chart.ts';
import { refuseUnknownServices } from './services/environment.ts';
import { servicesOf } from './services/services.ts';
import type { Values } from './values/schema.ts';

/**
 * Everything that a cluster needs to run the graph, as an app of cdk8s: a chart for each part, in the order in which they
 * are applied. The gateway is last, as it plans for subgraphs that have to be there.
 *
 * @param files - what the gateway reads, by name: `supergraph.graphql`, `gateway.yaml`, and what that one names
 * @throws StartupError with a line for each value that a service would refuse
 */
export async function manifests(values: Values, files: Readonly<Record<string, string>>): Promise<App> {
  const services = await servicesOf(values);
  refuseUnknownServices(values, services);
  const app = new App();
  const databases = services.subgraphs.flatMap(({ database }) => database ?? []);
  const base = new BaseChart(app, values);
  base.addDependency(new NamespaceChart(app, values));
  const migrations = new MigrationChart(app, values, databases);
  migrations.addDependency(base);
  const subgraphs = services.subgraphs.map(
    (service) => new SubgraphChart(app, values, service, services.subgraphs),
  );
  for (const chart of subgraphs) chart.addDependency(migrations);
  const gateway = new GatewayChart(app, values, services, files);
  gateway.addDependency(...subgraphs);
  return app;
}
