import { describe, expect, it } from '@jest/globals';
import { explorerContentSecurityPolicy, explorerPage } from '../src/index.ts';

const manifest = { script: 'main-A.js', styles: ['main-B.css'], preload: ['chunk-C.js'] };
const config = { title: 'Explorer', endpoint: '/graphql', subscriptionEndpoint: '/graphql' };

/** The configuration as a browser would find it: up to the first end tag of the script element. */
function configIn(html: string): unknown {
  const json = /<script type="application\/json" id="explorer-config">(.*?)<\/script/s.exec(html)?.[1];
  return JSON.parse(json ?? '');
}

describe('explorerPage', () => {
  it('names the files of the build and carries the configuration', () => {
    const html = explorerPage(config, manifest, '/explorer/assets');
    expect(html).toContain('<script type="module" src="/explorer/assets/main-A.js"></script>');
    expect(html).toContain('<link rel="stylesheet" href="/explorer/assets/main-B.css">');
    expect(html).toContain('<link rel="modulepreload" href="/explorer/assets/chunk-C.js">');
    expect(configIn(html)).toEqual(config);
  });

  it.each(['</script><script>alert(1)</script>', '<!--<script>', '"\'&\u2028\u2029', '\\u003c/script>'])(
    'keeps %j as text',
    (text) => {
      const hostile = {
        ...config,
        title: text,
        example: { query: text, variables: { text }, headers: { text } },
      };
      const html = explorerPage(hostile, manifest, '/explorer/assets');
      expect(configIn(html)).toEqual(hostile);
      expect(html).not.toContain('<!--');
      expect(html.match(/<script/g)).toHaveLength(2);
      expect(html.match(/<title>[^<>]*<\/title>/g)).toHaveLength(1);
    },
  );

  it('runs no inline script', () => {
    const html = explorerPage(config, manifest, '/explorer/assets');
    const scripts = [...html.matchAll(/<script([^>]*)>/g)].map(([, attributes]) => attributes);
    expect(scripts).toEqual([
      ' type="application/json" id="explorer-config"',
      ' type="module" src="/explorer/assets/main-A.js"',
    ]);
    expect(html).not.toMatch(/\son\w+=/);
  });
});

describe('explorerContentSecurityPolicy', () => {
  it('keeps everything on the origin of the page', () => {
    const policy = explorerContentSecurityPolicy(config);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("connect-src 'self';");
    expect(policy).not.toMatch(/https?:|wss?:|\*/);
  });

  it('allows an endpoint elsewhere, for HTTP and for WebSockets', () => {
    const policy = explorerContentSecurityPolicy({
      endpoint: 'https://api.example/graphql',
      subscriptionEndpoint: 'ws://live.example:8080/graphql',
    });
    expect(policy).toContain(
      "connect-src 'self' https://api.example wss://api.example http://live.example:8080 ws://live.example:8080;",
    );
  });
});
