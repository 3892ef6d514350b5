import { databaseSetting } from '@tributary/database';
import type { IContainer } from 'kubernetes-models/v1';
import { RESTRICTED, resourcesOf, secretName, TEMPORARY } from './container.ts';

/** Seconds that a new pod waits; then the kubelet starts the container again, and the old pods serve on. */
const WAIT = 600;

/** The program of every image that applies migrations, and waits for them. */
export const MIGRATE = ['node', 'packages/database/dist/cli/migrate.js'] as const;

/** Holds a pod back until its database has every migration that its image knows. @param image - of the service */
export function awaitMigrations(service: string, database: string, image: string): IContainer {
  const setting = databaseSetting(database);
  return {
    name: 'await-migrations',
    image,
    command: [...MIGRATE, database, '--wait', String(WAIT)],
    env: [
      { name: setting, valueFrom: { secretKeyRef: { name: secretName(service), key: setting } } },
      { name: 'NODE_ENV', value: 'production' },
    ],
    securityContext: RESTRICTED,
    resources: resourcesOf({ cpu: '50m', memory: '192Mi' }),
    volumeMounts: [{ ...TEMPORARY }],
  };
}
