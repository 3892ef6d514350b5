import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BrowserContext, chromium } from 'playwright-core';
import { type Graph, startGraph } from '../support/start-graph.ts';

const browserPath = [process.env.CHROMIUM_PATH, '/usr/bin/chromium'].find((path) => path && existsSync(path));

let graph: Graph;
beforeAll(async () => {
  graph = await startGraph();
});
afterAll(() => graph.stop());

it('gives a browser Apollo Sandbox, with a filled-in example', async () => {
  const response = await fetch(`${graph.gateway.url}/graphql`, { headers: { accept: 'text/html' } });
  expect(response.status).toBe(200);
  const page = await response.text();
  expect(page).toContain('sandbox');
  expect(page).toContain('categories');
});

const describeInBrowser = browserPath || process.env.CI === 'true' ? describe : describe.skip;
if (!browserPath)
  console.warn('the explorer was not tried in a browser: no CHROMIUM_PATH, no /usr/bin/chromium');

describeInBrowser('/explorer', () => {
  let browser: BrowserContext;
  let profile: string;
  beforeAll(async () => {
    profile = await mkdtemp(join(tmpdir(), 'tributary-browser-'));
    browser = await chromium.launchPersistentContext(profile, {
      executablePath: browserPath ?? 'there is no Chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await rm(profile, { recursive: true, force: true });
  });

  it('runs a query of the shop without leaving this machine', async () => {
    const page = await browser.newPage();
    const elsewhere: string[] = [];
    page.on('request', (request) => {
      if (!/^(http:\/\/127\.0\.0\.1|blob:|data:)/.test(request.url())) elsewhere.push(request.url());
    });
    await page.goto(`${graph.gateway.url}/explorer`);
    await page.locator('.graphiql-query-editor .view-lines', { hasText: 'categories' }).waitFor();
    const answer = page.waitForResponse(
      (response) =>
        response.url().endsWith('/graphql') && (response.request().postData() ?? '').includes('categories'),
    );
    await page.getByRole('button', { name: /execute query/i }).click();
    expect(await (await answer).json()).toMatchObject({ data: { categories: { edges: [{ node: {} }] } } });
    await page.locator('.result-window', { hasText: 'categories' }).waitFor();
    expect(elsewhere).toEqual([]);
  });
});
