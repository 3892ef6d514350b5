import { expect, it } from '@jest/globals';
import { openDatabases } from '../src/index.ts';

const database = { name: 'gifts', setting: 'GIFTS_DATABASE_URL' };
const pooled = 'postgresql://pgbouncer:6432/gifts';
const direct = 'postgresql://postgres:5432/gifts';

it.each([
  ['the address of the services', { GIFTS_DATABASE_URL: pooled }, pooled, 'GIFTS_DATABASE_URL'],
  [
    'the address past the pooler, where there is one',
    { GIFTS_DATABASE_URL: pooled, GIFTS_DATABASE_DIRECT_URL: direct },
    direct,
    'GIFTS_DATABASE_DIRECT_URL',
  ],
  ['it alone', { GIFTS_DATABASE_DIRECT_URL: direct }, direct, 'GIFTS_DATABASE_DIRECT_URL'],
])('commands take %s, and name its setting', async (_case, env, url, setting) => {
  const open = await openDatabases([database], env);
  expect([open.urlOf(database), open.sourceOf(database), open.embedded]).toEqual([
    url,
    { url, setting },
    null,
  ]);
});
