import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Side } from '../../../harness/scenario.ts';
import { OURS, startTributaryWith } from '../../gateway/sides/tributary.ts';
import { VISITOR_HEADER } from '../scenarios.ts';
import type { CacheSideOptions } from './side.ts';

/** Our gateway, with what a variant wants of its caches. */
export async function startTributary(options: CacheSideOptions): Promise<Side> {
  const { variant, folder, redisUrl } = options;
  const name = `${OURS}-${variant.name.replace(/\W+/g, '-')}`;
  const config = join(folder, `${name}.yaml`);
  await writeFile(config, `caching: ${variant.caching}\n`);
  const env = {
    GATEWAY_CONFIG: config,
    ...(variant.apart && { PROPAGATE_HEADERS: VISITOR_HEADER }),
    ...(variant.peers === 'redis' && redisUrl !== null && { REDIS_URL: redisUrl }),
  };
  return startTributaryWith(OURS, env, options, name);
}
