import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { registerExplorer } from '../src/index.ts';
import { findChromium } from './support/chromium.ts';
import { HOSTILE } from './support/explanation.ts';
import { createGraph, EXPLAIN_HEADER, type Graph } from './support/graph.ts';
import { launchBrowser } from './support/launch-browser.ts';

const buildScript = fileURLToPath(new URL('../build.mjs', import.meta.url));
const executablePath = findChromium();
const describeInBrowser = executablePath ? describe : describe.skip;

const QUERY = `# Press the button to say hello.
query Hello($name: String!) {
  greeting(name: $name)
  tenant
}

subscription Countdown {
  countdown(from: 3)
}
`;

describeInBrowser('the explorer in a browser', () => {
  let folder: string;
  let graph: Graph;
  let origin: string;
  let context: BrowserContext;
  let page: Page;
  /** What the pages have complained of, and where they have been, other than the server. */
  const complaints: string[] = [];
  const requests: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'explorer-'));
    const assetsDir = join(folder, 'app');
    await promisify(execFile)(process.execPath, [buildScript, '--out', assetsDir]);

    graph = createGraph();
    await registerExplorer(graph.app, {
      title: 'Small graph',
      endpoint: '/graphql',
      example: { query: QUERY, variables: { name: 'Ada' }, headers: { 'x-tenant': 'north' } },
      assetsDir,
      explainHeader: EXPLAIN_HEADER,
    });
    origin = await graph.listen();

    context = await launchBrowser(folder, executablePath);
    context.on('request', (request) => requests.push(request.url()));
    context.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    context.on('weberror', (webError) => complaints.push(webError.error().message));
  });

  afterAll(async () => {
    await context?.close();
    await graph?.close();
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    page = await context.newPage();
    page.setDefaultTimeout(10_000); // 10 seconds
    page.on('websocket', (socket) => requests.push(socket.url()));
    await page.goto(`${origin}/explorer`);
    await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  });

  /** Presses the button; with several operations in the editor it opens a menu to choose from. */
  async function execute(operation: string): Promise<void> {
    await page.locator('.graphiql-execute-button').click();
    await page.getByRole('menuitem', { name: operation }).click();
  }

  /** The answer as it is shown, without its white space. */
  const answer = () => page.locator('.graphiql-response .view-lines');

  it('runs the example with its variables and headers, and opens no WebSocket for it', async () => {
    await execute('Hello');
    await answer().getByText('Hello, Ada!').waitFor();
    await answer().getByText('north').waitFor();
    expect(graph.sockets()).toBe(0);
  });

  it('still has the example and its headers at the next visit', async () => {
    await execute('Hello');
    await answer().getByText('Hello, Ada!').waitFor();
    await answer().getByText('north').waitFor();
  });

  it('shows the documentation of the schema', async () => {
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByText('A GraphQL schema provides a root type').waitFor();
    await page.locator('.graphiql-doc-explorer').getByRole('link', { name: 'Query' }).click();
    await page.getByText('Says hello to somebody.').waitFor();
  });

  it('runs a subscription over a WebSocket', async () => {
    await execute('Countdown');
    await answer().getByText('"countdown": 0').waitFor();
    expect(graph.sockets()).toBe(1);
  });

  describe('the page that shows how an operation runs', () => {
    /** Opens it from the explorer, and runs the operation. */
    async function explain(): Promise<Page> {
      const opened = context.waitForEvent('page');
      await page.getByRole('button', { name: 'Explain' }).click();
      const explained = await opened;
      explained.setDefaultTimeout(10_000); // 10 seconds
      await explained.getByLabel('Which operation').selectOption('Hello');
      await explained.getByRole('button', { name: 'Run' }).click();
      await explained.getByRole('heading', { name: 'Timeline' }).waitFor();
      return explained;
    }

    it('takes over operation, variables and headers, and tells the server of them in the request alone', async () => {
      const explained = await explain();
      await explained.getByText('The answer', { exact: true }).click();
      await explained.getByText('"greeting": "Hello, Ada!"').waitFor();
      await explained.getByText('"tenant": "north"').waitFor();
      expect(explained.url()).toContain('#operation=');
      expect(explained.url()).not.toContain('north');
      const paths = requests.map((url) => new URL(url)).map(({ pathname, search }) => pathname + search);
      expect(paths.filter((path) => path.includes('greeting'))).toEqual([]);
      expect(paths).toContain('/explorer/explain');
    });

    it('shows each request on the axis of time, and the plan', async () => {
      const explained = await explain();
      const timeline = explained.getByRole('region', { name: 'Timeline' });
      expect(
        (await timeline.getByRole('listitem').allInnerTexts()).map((text) => text.split(/\s+/)[0]),
      ).toEqual(['Plan', 'greetings', 'people', '<img', 'people', 'Write']);
      await timeline.getByText('5 entities, 2 fetches joined').waitFor();
      await timeline.locator('.badge').getByText('SUBGRAPH_UNAVAILABLE').waitFor();
      const [first, second] = await Promise.all(
        [1, 2].map((row) => timeline.locator('li').nth(row).locator('.span').boundingBox()),
      );
      expect(Number(second?.x)).toBeCloseTo(Number(first?.x) + Number(first?.width), 0);
      expect(Number(first?.width) / Number(second?.width)).toBeCloseTo(15 / 10, 1);
      const plan = explained.getByRole('region', { name: 'Plan' });
      await plan.getByText('#3 letters entities at friends not needed').waitFor();
      const colours = await plan
        .locator('.dot')
        .evaluateAll((dots) => dots.map(({ className }) => className));
      expect(new Set(colours).size).toBe(4);
      await plan.getByText('3 entities for 9 objects, with #2').waitFor();
      await plan.getByText('later: post at family, after #2 #4').waitFor();
      await plan.getByText('#5 letters entities at family after the first answer').waitFor();
    });

    it('counts what was sent as requests, and what was kept apart', async () => {
      const explained = await explain();
      const figures = explained.getByLabel('The run in figures').locator('.card');
      const requests = figures.filter({ has: explained.getByText('Requests', { exact: true }) });
      expect(await requests.locator('dd').allInnerTexts()).toEqual([
        '3',
        '4 fetches, 3 subgraphs, 1 more from the cache',
      ]);
    });

    it('is operated by keyboard', async () => {
      const explained = await explain();
      const again = explained.waitForResponse('**/graphql');
      await explained.getByLabel('Operation', { exact: true }).press('Control+Enter');
      await again;
      await explained.getByRole('heading', { name: 'Timeline' }).waitFor();
      await explained.locator('.timeline summary').nth(1).press('Enter');
      await explained.getByRole('table', { name: 'What it is for' }).getByText('friends[]').waitFor();
    });

    it('takes what it is told for text', async () => {
      const explained = await explain();
      expect(await explained.getByText(HOSTILE).count()).toBeGreaterThan(1);
      expect(await explained.locator('img').count()).toBe(0);
    });

    it.each([
      ['mutation { forget }', 0],
      ['query { tenant }', 1],
    ])('runs %s from a link %d times before somebody says so', async (operation, times) => {
      await page.goto('about:blank');
      const before = graph.operations();
      await page.goto(`${origin}/explorer/explain#operation=${encodeURIComponent(operation)}`);
      await page.getByText(times ? 'Timeline' : 'Run an operation to see').waitFor();
      expect(graph.operations() - before).toBe(times);
    });

    it('says which editor has to be changed', async () => {
      await page.goto(`${origin}/explorer/explain`);
      await page.getByLabel('Variables').fill('[1]');
      await page.getByRole('button', { name: 'Run' }).click();
      expect(await page.getByRole('alert').textContent()).toBe('Variables: this is not a JSON object.');
      await page.getByLabel('Variables').fill('{}');
      await page.getByLabel('Headers').fill('{"x-tenant": 1}');
      await page.getByRole('button', { name: 'Run' }).click();
      await page.getByText('Headers: the value of "x-tenant" is not a text.').waitFor();
    });
  });

  it('loads everything from the server itself, and without a complaint', async () => {
    const workers = requests.filter((url) => /assets\/(editor|graphql|json)-\w+\.js$/.test(url));
    expect(workers.length).toBeGreaterThan(0);
    const own = new URL(origin).host;
    expect(requests.filter((url) => !url.startsWith('data:') && new URL(url).host !== own)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
