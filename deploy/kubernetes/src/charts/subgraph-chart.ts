import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { autoscaler } from '../objects/autoscaler.ts';
import { clusterService } from '../objects/cluster-service.ts';
import { deployment } from '../objects/deployment.ts';
import { disruptionBudget } from '../objects/disruption-budget.ts';
import { externalSecret } from '../objects/external-secret.ts';
import { servicePolicies } from '../objects/network-policies.ts';
import { selectorOf } from '../pods/labels.ts';
import { environmentOf } from '../services/environment.ts';
import type { Service } from '../services/service.ts';
import { type Values, valuesOf } from '../values/schema.ts';
import { add } from './add.ts';

/** A subgraph: pods that answer, and pods of the same image that do its jobs. */
export class SubgraphChart extends Chart {
  /** @param others - all subgraphs, of which some ask this one */
  constructor(scope: Construct, values: Values, service: Service, others: readonly Service[]) {
    super(scope, service.name, { namespace: values.namespace });
    const { name } = service;
    const { workers, ...api } = valuesOf(values, name);
    const common = { values, service };
    const asking = others.filter(({ calls }) => calls.includes(name));
    add(
      this,
      externalSecret(values, name, service.secrets),
      ...servicePolicies(values, {
        service,
        components: ['api', 'worker'],
        callers: [
          selectorOf('gateway', 'gateway'),
          ...asking.flatMap((other) => [selectorOf(other.name, 'api'), selectorOf(other.name, 'worker')]),
        ],
        called: service.calls.map((other) => selectorOf(other, 'api')),
      }),
      clusterService(name, 'api'),
      deployment({
        ...common,
        component: 'api',
        name,
        environment: environmentOf(service, values, 'api'),
        resources: api,
      }),
      autoscaler(name, name, 'api', api.replicas),
      disruptionBudget(name, name, 'api'),
      deployment({
        ...common,
        component: 'worker',
        name: `${name}-worker`,
        environment: environmentOf(service, values, 'worker'),
        resources: workers,
      }),
      autoscaler(`${name}-worker`, name, 'worker', workers.replicas),
      disruptionBudget(`${name}-worker`, name, 'worker'),
    );
  }
}
