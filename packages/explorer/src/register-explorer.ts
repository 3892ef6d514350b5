import { join } from 'node:path';
import { Readable } from 'node:stream';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { explorerAssetsDir, readManifest } from './assets.ts';
import type { ExplorerConfig } from './config.ts';
import { explorerContentSecurityPolicy } from './content-security-policy.ts';
import { isUnchanged, tagOfHashed, tagOfText } from './entity-tags.ts';
import { explorerPage } from './page.ts';

/** Where the explorer is served, and what it shows. */
export interface ExplorerOptions extends Omit<ExplorerConfig, 'subscriptionEndpoint' | 'explain'> {
  /** @default the `endpoint` */
  subscriptionEndpoint?: string;
  /**
   * Path of the page; its assets are in `assets/` below it.
   * @default '/explorer'
   */
  path?: string;
  /**
   * The request header by which the endpoint is asked for `extensions.explain`. With it there is a page, `explain` below
   * `path`, that shows how an operation runs.
   * @default there is no such page
   */
  explainHeader?: string;
  /**
   * Absolute path of the built application.
   * @default explorerAssetsDir
   */
  assetsDir?: string;
}

const NOT_BUILT = 'The explorer has not been built: run `npm run build`, then start the gateway again.\n';

/**
 * Serves the explorer: its pages, which clients ask for anew each time, and their assets, which have their hash in their
 * name and are kept for a year. Who says by `If-None-Match` that they have one already is answered 304.
 *
 * Without a build all answer 503 with a sentence that says what to do.
 *
 * @param app - the routes are added below its prefix
 */
export async function registerExplorer(app: FastifyInstance, options: ExplorerOptions): Promise<void> {
  const {
    path = '/explorer',
    assetsDir = explorerAssetsDir,
    endpoint,
    title,
    example,
    explainHeader,
  } = options;
  const explainPath = `${path}/explain`;
  const manifest = await readManifest(assetsDir);
  if (!manifest) {
    for (const route of [path, `${path}/assets/*`, ...(explainHeader ? [explainPath] : [])]) {
      app.get(route, (_request, reply) =>
        reply.code(503).header('cache-control', 'no-store').type('text/plain; charset=utf-8').send(NOT_BUILT),
      );
    }
    return;
  }

  const config: ExplorerConfig = {
    title,
    endpoint,
    subscriptionEndpoint: options.subscriptionEndpoint ?? endpoint,
    ...(example && { example }),
    ...(explainHeader && {
      explain: { page: app.prefix + explainPath, explorer: app.prefix + path, header: explainHeader },
    }),
  };
  const assetsPath = `${app.prefix}${path}/assets`;
  servePage(
    app,
    path,
    explorerPage(config, manifest.explorer, assetsPath),
    explorerContentSecurityPolicy(config),
  );
  if (explainHeader) {
    const page = explorerPage({ ...config, title: `${title} · Explain` }, manifest.explain, assetsPath);
    servePage(app, explainPath, page, explorerContentSecurityPolicy(config, false));
  }

  await app.register((scope) => serveAssets(scope, `${path}/assets/`, join(assetsDir, 'assets')));
}

async function serveAssets(app: FastifyInstance, prefix: string, root: string): Promise<void> {
  app.addHook('onSend', async (request, reply, payload) => {
    // 304 is there already for `If-None-Match: *`.
    if (reply.statusCode !== 200 && reply.statusCode !== 304) return payload;
    const { '*': file } = request.params as { '*': string };
    const encoding = reply.getHeader('content-encoding')?.toString();
    if (!isUnchanged(request, reply, tagOfHashed(file, encoding))) return payload;
    // The file is open by now.
    if (payload instanceof Readable) payload.destroy();
    return null;
  });
  await app.register(fastifyStatic, {
    root,
    prefix,
    decorateReply: false,
    index: false,
    dotfiles: 'ignore',
    immutable: true,
    maxAge: 31_536_000_000, // a year, in milliseconds
    preCompressed: true,
    // Its own is a weak one, of size and time, and the time is another one on each server.
    etag: false,
    lastModified: false,
    setHeaders: (response) => {
      response.setHeader('vary', 'accept-encoding');
      response.setHeader('x-content-type-options', 'nosniff');
    },
  });
}

function servePage(app: FastifyInstance, path: string, html: string, contentSecurityPolicy: string): void {
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-cache',
    'content-security-policy': contentSecurityPolicy,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
  const tag = tagOfText(html);
  app.get(path, (request, reply) => {
    reply.headers(headers);
    return reply.send(isUnchanged(request, reply, tag) ? null : html);
  });
}
