import { publicKeySet } from '@tributary/platform';
import type { ServerOptions } from '../../federation/federation.ts';
import type { Side } from '../../harness/scenario.ts';
import { startServerProcess } from '../../harness/server-process.ts';

/** Starts the peer: the same schema and services in one process. */
export async function startSingleProcess({ shop, keys, profileDir, scope }: ServerOptions): Promise<Side> {
  const { url, adminUrl } = await startServerProcess({
    name: 'single-process',
    program: 'bench/dist/single-process/main.js',
    env: {
      ...shop.env,
      AUTH_KEY_SET: JSON.stringify(publicKeySet([keys.signingKey])),
      AUTH_ISSUER: keys.authority.issuer,
      AUTH_AUDIENCE: keys.authority.audience,
    },
    profileDir,
    scope,
  });
  return { name: 'single process', url: `${url}/graphql`, adminUrls: [adminUrl] };
}
