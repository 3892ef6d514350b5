import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A user of RabbitMQ who may publish some types of events only. */
export interface RabbitmqUser {
  /** What the user signs in with: `name:password`. */
  credentials: string;
  remove(): Promise<void>;
}

/** Whether `rabbitmqctl` may be used here, which makes users. */
export const rabbitmqctlAvailable = (): Promise<boolean> =>
  run('rabbitmqctl', ['eval', 'node().'], { timeout: 20_000 }).then(
    () => true,
    () => false,
  );

/**
 * Makes a user with a permission on topics.
 *
 * @param exchange - the topic exchange
 * @param types - a regular expression of what the user may publish
 */
export async function createRabbitmqUser(exchange: string, types: string): Promise<RabbitmqUser> {
  const name = `test-${randomUUID()}`;
  const by = '<<"test">>';
  const all = '<<".*">>';
  const users = 'rabbit_auth_backend_internal';
  await run('rabbitmqctl', [
    'eval',
    `${users}:add_user(<<"${name}">>, <<"secret">>, ${by}),
     ${users}:set_permissions(<<"${name}">>, <<"/">>, ${all}, ${all}, ${all}, ${by}),
     ${users}:set_topic_permissions(<<"${name}">>, <<"/">>, <<"${exchange}">>, <<"${types}">>, ${all}, ${by}).`,
  ]);
  return {
    credentials: `${name}:secret`,
    remove: async () =>
      void (await run('rabbitmqctl', ['eval', `${users}:delete_user(<<"${name}">>, ${by}).`])),
  };
}
