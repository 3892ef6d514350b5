import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BrowserContext, chromium } from 'playwright-core';
import { type Article, adjustStock, stockUp } from '../support/shopping.ts';
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

    const opened = browser.waitForEvent('page');
    await page.getByRole('button', { name: 'Explain' }).click();
    const timeline = (await opened).getByRole('region', { name: 'Timeline' });
    await timeline.getByText('products root fields').waitFor();
    expect(elsewhere).toEqual([]);
  });

  it('shows the events of a subscription that is typed in, as they come', async () => {
    const [article] = (await stockUp(graph, 1)) as [Article];
    const page = await browser.newPage();
    page.setDefaultTimeout(20_000); // 20 seconds
    await page.goto(`${graph.gateway.url}/explorer`);
    const editor = page.locator('.graphiql-query-editor .view-lines');
    await editor.getByText('categories').waitFor();
    await editor.click();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText(
      `subscription Stock { stockChanged(variantIds: ["${article.globalId}"]) { variant { stockStatus product { title } } } }`,
    );
    await editor.getByText('stockStatus').waitFor();
    // What kind of operation it is, GraphiQL finds out a moment later, and then calls the tab by its name.
    await page.getByRole('tab', { name: 'Stock' }).waitFor();
    await page.getByRole('button', { name: /execute query/i }).click();
    const answer = page.locator('.graphiql-response .view-lines');
    await answer.getByText('IN_STOCK').waitFor();
    await answer.getByText(article.title).waitFor();
    await adjustStock(graph, article, 3 - article.onHand);
    await answer.getByText('LOW_STOCK').waitFor();
  });
});
