import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FastifyInstance, fastify } from 'fastify';
import { registerExplorer } from '../src/index.ts';

const SCRIPT = 'export const answer = 42;';
const FILES = { script: 'main-A.js', styles: ['main-B.css'], preload: [] };
const options = { title: 'Explorer', endpoint: '/graphql' };

let folder: string;
const apps: FastifyInstance[] = [];

/** Serves the explorer from the folder, and gives the server's URL. */
async function serve(
  assetsDir: string,
  prefix = '',
  extra: { explainHeader?: string } = {},
): Promise<string> {
  const app = fastify();
  apps.push(app);
  await app.register((scope) => registerExplorer(scope, { ...options, ...extra, assetsDir }), { prefix });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}

/** GET of a path as it is written; `fetch` would tidy `..` away before it is sent. */
function getRaw(origin: string, path: string): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    })
      .on('error', reject)
      .end();
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'explorer-'));
  const assets = join(folder, 'built', 'assets');
  await mkdir(assets, { recursive: true });
  await writeFile(
    join(folder, 'built', 'manifest.json'),
    JSON.stringify({ explorer: FILES, explain: FILES }),
  );
  await writeFile(join(assets, 'main-A.js'), SCRIPT);
  await writeFile(join(assets, 'main-A.js.gz'), gzipSync(SCRIPT));
  await writeFile(join(assets, 'main-B.css'), 'body { margin: 0 }');
  await writeFile(join(assets, '.hidden'), 'secret');
  await writeFile(join(folder, 'secret.txt'), 'secret');
});

afterAll(async () => {
  await Promise.all(apps.map((app) => app.close()));
  await rm(folder, { recursive: true, force: true });
});

describe('a built explorer', () => {
  let origin: string;
  beforeAll(async () => {
    origin = await serve(join(folder, 'built'));
  });

  it('serves a page that is never out of date', async () => {
    const response = await fetch(`${origin}/explorer`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await response.text()).toContain('"subscriptionEndpoint":"/graphql"');
  });

  it.each([
    ['main-A.js', /^(text|application)\/javascript; charset=utf-8$/i],
    ['main-B.css', /^text\/css; charset=utf-8$/i],
  ])('serves %s for a year', async (file, contentType) => {
    const response = await fetch(`${origin}/explorer/assets/${file}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(contentType);
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('vary')).toBe('accept-encoding');
  });

  it('serves the compressed file to a client that accepts it, with the type of the original', async () => {
    const url = `${origin}/explorer/assets/main-A.js`;
    const compressed = await fetch(url, { headers: { 'accept-encoding': 'gzip' } });
    expect(compressed.headers.get('content-encoding')).toBe('gzip');
    expect(compressed.headers.get('content-type')).toMatch(/javascript/);
    expect(await compressed.text()).toBe(SCRIPT);
    const plain = await fetch(url, { headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(await plain.text()).toBe(SCRIPT);
  });

  it.each([
    ['page', '/explorer', 'gzip'],
    ['asset', '/explorer/assets/main-A.js', 'identity'],
    ['compressed asset', '/explorer/assets/main-A.js', 'gzip'],
  ])('sends a %s once to who keeps it', async (_what, path, encoding) => {
    const ask = (tag?: string, init: RequestInit = {}) =>
      fetch(origin + path, {
        ...init,
        // As a browser asks; on its own `fetch` would say that it wants all anew.
        headers: {
          'accept-encoding': encoding,
          ...(tag !== undefined && { 'if-none-match': tag, 'cache-control': 'max-age=0' }),
        },
      });
    const first = await ask();
    const body = await first.text();
    const tag = first.headers.get('etag') ?? '';
    expect(tag).toMatch(/^"[\w.-]+"$/);
    for (const known of [tag, `"other", ${tag}`, `W/${tag}`, '*']) {
      const again = await ask(known);
      expect([again.status, await again.text()]).toEqual([304, '']);
      for (const name of ['etag', 'cache-control', 'vary', 'content-security-policy'])
        expect(again.headers.get(name)).toBe(first.headers.get(name));
      expect(again.headers.get('content-encoding')).toBeNull();
    }
    expect((await ask(tag, { method: 'HEAD' })).status).toBe(304);
    const other = await ask('"other"');
    expect([other.status, await other.text()]).toEqual([200, body]);
  });

  it('tells the forms of an asset, and pages, apart by their tags', async () => {
    const other = await serve(join(folder, 'built'), '/shop');
    const tags = await Promise.all(
      [
        [`${origin}/explorer/assets/main-A.js`, 'identity'],
        [`${origin}/explorer/assets/main-A.js`, 'gzip'],
        [`${origin}/explorer/assets/main-B.css`, 'identity'],
        [`${origin}/explorer`, 'identity'],
        [`${other}/shop/explorer`, 'identity'],
      ].map(async ([url = '', encoding = '']) =>
        (await fetch(url, { headers: { 'accept-encoding': encoding } })).headers.get('etag'),
      ),
    );
    expect(new Set(tags).size).toBe(tags.length);
    const shared = await fetch(`${other}/shop/explorer/assets/main-A.js`, {
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(shared.headers.get('etag')).toBe(tags[1]);
  });

  it('gives what is not there no tag', async () => {
    const response = await fetch(`${origin}/explorer/assets/missing-A.js`, {
      headers: { 'if-none-match': '*' },
    });
    expect([response.status, response.headers.get('etag')]).toEqual([404, null]);
  });

  it.each([
    '/explorer/assets/../manifest.json',
    '/explorer/assets/../../secret.txt',
    '/explorer/assets/%2e%2e/%2e%2e/secret.txt',
    '/explorer/assets/..%2f..%2fsecret.txt',
    '/explorer/assets/..%5c..%5csecret.txt',
    '/explorer/assets//etc/passwd',
    '/explorer/assets/.hidden',
    '/explorer/assets/main-A.js%00.css',
    '/explorer/assets/missing.js',
    '/explorer/assets/',
  ])('refuses %s', async (path) => {
    const { status, body } = await getRaw(origin, path);
    expect([400, 403, 404]).toContain(status);
    expect(body).not.toMatch(/secret(?!\.txt)|root:|main-B/);
    expect(body).not.toContain(folder);
  });
});

describe('the page that shows how an operation runs', () => {
  it('is there when the endpoint tells, and may have no inline styles', async () => {
    const origin = await serve(join(folder, 'built'), '/shop', { explainHeader: 'x-explain' });
    const response = await fetch(`${origin}/shop/explorer/explain`);
    expect(response.headers.get('content-security-policy')).toContain("style-src 'self';");
    const html = await response.text();
    expect(html).toContain(
      '"page":"/shop/explorer/explain","explorer":"/shop/explorer","header":"x-explain"',
    );
  });

  it('is not there when the endpoint does not', async () => {
    const origin = await serve(join(folder, 'built'));
    expect((await fetch(`${origin}/explorer/explain`)).status).toBe(404);
    expect(await (await fetch(`${origin}/explorer`)).text()).not.toContain('"explain"');
  });
});

describe('below a prefix', () => {
  it('links to the assets below that prefix', async () => {
    const origin = await serve(join(folder, 'built'), '/shop');
    const html = await (await fetch(`${origin}/shop/explorer`)).text();
    expect(html).toContain('src="/shop/explorer/assets/main-A.js"');
    expect((await fetch(`${origin}/shop/explorer/assets/main-A.js`)).status).toBe(200);
  });
});

describe('an explorer that has not been built', () => {
  it.each(['/explorer', '/explorer/assets/main-A.js'])('says so at %s', async (path) => {
    const response = await fetch(`${await serve(join(folder, 'nowhere'))}${path}`);
    expect(response.status).toBe(503);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).toContain('run `npm run build`');
  });
});

describe('a build from before a page was there', () => {
  it('is as good as none', async () => {
    const old = join(folder, 'old');
    await mkdir(old);
    await writeFile(join(old, 'manifest.json'), JSON.stringify(FILES));
    expect((await fetch(`${await serve(old)}/explorer`)).status).toBe(503);
  });
});

describe('a broken build', () => {
  it('is refused at the start', async () => {
    const broken = join(folder, 'broken');
    await mkdir(broken);
    await writeFile(join(broken, 'manifest.json'), '{');
    await expect(serve(broken)).rejects.toThrow(SyntaxError);
  });
});
