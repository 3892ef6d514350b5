import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { autoscaler } from '../objects/autoscaler.ts';
import { clusterService } from '../objects/cluster-service.ts';
import { configMap } from '../objects/config-map.ts';
import { deployment } from '../objects/deployment.ts';
import { disruptionBudget } from '../objects/disruption-budget.ts';
import { externalSecret } from '../objects/external-secret.ts';
import { ingress } from '../objects/ingress.ts';
import { servicePolicies } from '../objects/network-policies.ts';
import { selectorOf } from '../pods/labels.ts';
import { environmentOf } from '../services/environment.ts';
import { CONFIG_FOLDER, type Services } from '../services/services.ts';
import { type Values, valuesOf } from '../values/schema.ts';
import { add } from './add.ts';

/** The gateway, the files that it reads, and the graph's public address. */
export class GatewayChart extends Chart {
  /** @param files - `supergraph.graphql`, `gateway.yaml`, and what that one names */
  constructor(
    scope: Construct,
    values: Values,
    { gateway, subgraphs }: Services,
    files: Readonly<Record<string, string>>,
  ) {
    super(scope, gateway.name, { namespace: values.namespace });
    const { name } = gateway;
    const { replicas, ...resources } = valuesOf(values, name);
    const config = configMap(files);
    add(
      this,
      externalSecret(values, name, gateway.secrets),
      config,
      ...servicePolicies(values, {
        service: gateway,
        components: ['gateway'],
        callers: [],
        called: gateway.calls.map((subgraph) => selectorOf(subgraph, 'api')),
      }),
      clusterService(name, 'gateway'),
      deployment({
        values,
        service: gateway,
        component: 'gateway',
        name,
        environment: environmentOf(gateway, values, 'api'),
        resources,
        files: { configMap: config.metadata.name, folder: CONFIG_FOLDER },
      }),
      autoscaler(name, name, 'gateway', replicas),
      disruptionBudget(name, name, 'gateway'),
      ingress(values, [gateway, ...subgraphs]),
    );
  }
}
