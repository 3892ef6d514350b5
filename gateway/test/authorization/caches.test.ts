import { afterEach, describe, expect, it } from '@jest/globals';
import type { Definition } from '../support/federation.ts';
import { sendBytes } from '../support/raw-bytes.ts';
import { type Guarded, guard } from './support/forum.ts';

const NEWS: Record<string, Definition> = {
  news: [
    `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
      import: ["@key" "@authenticated" "@requiresScopes" "@policy"])
    directive @cacheControl(maxAge: Int) on FIELD_DEFINITION | OBJECT
    type Query { news: News @cacheControl(maxAge: 60) }
    type News @key(fields: "id") @cacheControl(maxAge: 60) {
      id: ID!
      title: String
      source: String @authenticated
      draft: String @policy(policies: [["press"]])
    }`,
    { Query: { news: () => ({ id: '1', title: 'Rain', source: 'sky', draft: 'more' }) } },
  ],
};

const PUBLIC = { title: 'Rain', source: 'sky' };

let guarded: Guarded | undefined;
afterEach(() => guarded?.stop());

const FILES = { 'gateway.yaml': 'caching: { entities: off }\n' };

describe('what is kept', () => {
  it('is never given to who may see less, nor less to who may see more', async () => {
    guarded = await guard(NEWS, { files: FILES, policies: async () => new Map() });
    const { gateway, bearer } = guarded;
    const ask = async (headers: Record<string, string> = {}) => {
      const answer = await gateway.query({ query: '{ news { title source } }', headers });
      return { news: answer.data.news, state: answer.headers.get('x-cache') };
    };
    const known = await bearer('reader');
    for (let i = 0; i < 3; i++) expect((await ask(known)).news).toEqual(PUBLIC);
    expect((await ask(known)).state).toBe('hit');
    for (let i = 0; i < 4; i++) {
      const { news, state } = await ask();
      expect(news).toEqual({ title: 'Rain', source: null });
      expect(state).not.toBe('hit');
    }
    expect(await ask(known)).toEqual({ news: PUBLIC, state: 'hit' });
    expect((await ask(await bearer('another'))).news).toEqual(PUBLIC);
  });

  it('is not given again without a look at the policies', async () => {
    let mayReadDrafts = true;
    guarded = await guard(NEWS, {
      files: FILES,
      policies: async (asked) => new Map(asked.map((name) => [name, mayReadDrafts])),
    });
    const { url } = guarded.gateway;
    const ask = async () => {
      const { body, head } = await sendBytes(url, {
        body: JSON.stringify({ query: '{ news { title draft } }' }),
      });
      expect(head).toMatch(/no-store/);
      return JSON.parse(body.toString()).data.news;
    };
    for (let i = 0; i < 4; i++) expect(await ask()).toEqual({ title: 'Rain', draft: 'more' });
    mayReadDrafts = false;
    expect(await ask()).toEqual({ title: 'Rain', draft: null });
    mayReadDrafts = true;
    expect(await ask()).toEqual({ title: 'Rain', draft: 'more' });
  });

  it('is given again as ever where nothing is asked of anybody', async () => {
    guarded = await guard(NEWS, { files: FILES, policies: async () => new Map() });
    const { gateway } = guarded;
    const ask = async () => (await gateway.query({ query: '{ news { title } }' })).headers.get('x-cache');
    await ask();
    await ask();
    expect(await ask()).toBe('hit');
  });
});
