import { databaseSetting } from '@tributary/database';
import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { externalSecret } from '../objects/external-secret.ts';
import { MIGRATION, migrationJob } from '../objects/migration-job.ts';
import { migrationPolicy } from '../objects/network-policies.ts';
import type { Values } from '../values/schema.ts';
import { add } from './add.ts';

/** The migrations of all databases, with addresses of their own: who migrates may do more than who serves. */
export class MigrationChart extends Chart {
  constructor(scope: Construct, values: Values, databases: readonly string[]) {
    super(scope, 'migrations', { namespace: values.namespace });
    const settings = databases.map(databaseSetting);
    const key = `${values.secrets.prefix}/migrations`;
    add(
      this,
      externalSecret(values, MIGRATION, Object.fromEntries(settings.map((name) => [name, key]))),
      migrationPolicy(values),
      migrationJob(values, settings),
    );
  }
}
