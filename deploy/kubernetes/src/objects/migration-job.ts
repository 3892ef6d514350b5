import { createHash } from 'node:crypto';
import type { IJob } from 'kubernetes-models/batch/v1';
import { MIGRATE } from '../pods/await-migrations.ts';
import { imageOf, RESTRICTED, resourcesOf, TEMPORARY, variables } from '../pods/container.ts';
import { selectorOf } from '../pods/labels.ts';
import { podSpec } from '../pods/pod.ts';
import type { Values } from '../values/schema.ts';

/** The service name that the objects of the migrations go by. */
export const MIGRATION = 'migrate';

/**
 * Applies the migrations of all databases. A Job cannot be changed, and so has a name of its own for each content: a new
 * version is a new Job.
 *
 * @param secrets - settings with the databases' addresses, in the Secret of the migrations
 */
export function migrationJob(values: Values, secrets: readonly string[]): IJob {
  const labels = selectorOf(MIGRATION, 'migration');
  const settings = { NODE_ENV: 'production', ...(values.region && { DATA_REGION: values.region }) };
  const spec: NonNullable<IJob['spec']> = {
    backoffLimit: 6,
    activeDeadlineSeconds: 3_600,
    template: {
      metadata: { labels },
      spec: {
        ...podSpec(values, {
          grace: 60, // a migration that is interrupted is taken back
          containers: [
            {
              name: MIGRATION,
              // Every image has the migrations; the gateway's is on most nodes.
              image: imageOf(values, 'gateway'),
              command: [...MIGRATE],
              env: variables(MIGRATION, { settings, secrets }),
              securityContext: RESTRICTED,
              resources: resourcesOf({ cpu: '100m', memory: '512Mi' }),
              volumeMounts: [{ ...TEMPORARY }],
            },
          ],
        }),
        restartPolicy: 'Never',
      },
    },
  };
  const hash = createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 8);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `${MIGRATION}-${hash}`,
      labels,
      annotations: { 'argocd.argoproj.io/sync-wave': '-1' },
    },
    spec,
  };
}
