import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { registerExplorer } from '../src/index.ts';
import { findChromium } from './support/chromium.ts';
import { createGraph, type Graph } from './support/graph.ts';

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
    });
    origin = await graph.listen();

    context = await chromium.launchPersistentContext(join(folder, 'profile'), {
      ...(executablePath && { executablePath }),
      headless: true,
      viewport: { width: 1280, height: 800 },
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
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

  it('loads everything from the server itself, and without a complaint', async () => {
    const workers = requests.filter((url) => /assets\/(editor|graphql|json)-\w+\.js$/.test(url));
    expect(workers.length).toBeGreaterThan(0);
    const own = new URL(origin).host;
    expect(requests.filter((url) => !url.startsWith('data:') && new URL(url).host !== own)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
