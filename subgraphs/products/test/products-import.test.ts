import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listJobs, retryJobs, runJobsOnce } from '@tributary/jobs';
import { fromGlobalId, toGlobalId } from '@tributary/subgraph-kit';
import { graphql, identityHeaders, someViewer, type TestViewer } from '@tributary/testing';
import { type Cells, csvFile, manyRows } from './support/catalogue-file.ts';
import { type FileServer, startFileServer } from './support/file-server.ts';
import { ownJobs } from './support/own-jobs.ts';
import { type RunningProducts, runProducts } from './support/running-products.ts';

const MAX_BYTES = 200_000;
let files: FileServer;
let elsewhere: FileServer;
let running: RunningProducts;
beforeAll(async () => {
  [files, elsewhere] = await Promise.all([startFileServer(), startFileServer()]);
  running = await runProducts({}, { IMPORT_HOSTS: `files.example.com,${files.host}` });
});
afterAll(async () => {
  await Promise.all([running?.close(), files?.close(), elsewhere?.close()]);
});

const RUN = `id status format rows created updated unchanged bad problems { line reason } failure startedAt finishedAt`;
const IMPORT = `mutation ($input: ProductsImportInput!) {
  productsImport(input: $input) {
    importRun { ${RUN} }
    userErrors { __typename ... on UserError { code message field } }
  }
}`;
const STAFF = someViewer('STAFF');

interface Run {
  id: string;
  status: string;
  created: number;
  failure: string | null;
}
interface Payload {
  importRun: Run | null;
  userErrors: { code: string; message: string; field: string[] | null }[];
}

async function request(input: object, viewer: TestViewer = STAFF, url = running.url): Promise<Payload> {
  const variables = { input: { format: 'CSV', idempotencyKey: randomUUID(), ...input } };
  const headers = await identityHeaders(viewer);
  const { data, errors } = await graphql<{ productsImport: Payload }>(url, {
    query: IMPORT,
    variables,
    headers,
  });
  if (errors) throw new Error(JSON.stringify(errors));
  return data.productsImport;
}

async function runOf(id: string | undefined): Promise<Run | null> {
  const query = `query ($id: ID!) { importRun(id: $id) { ${RUN} } }`;
  return (await running.data<{ importRun: Run | null }>(query, { id }, 'STAFF')).importRun;
}

/** Has the jobs that wait done, as the service's worker does them. */
async function work(timeout = 30_000): Promise<void> {
  const limits = { hosts: [files.host], maxBytes: MAX_BYTES, timeout };
  await runJobsOnce(running.databaseUrl, ownJobs(running.prisma, limits).tasks);
}

/** Asks for an import, and has it done. */
async function imported(input: object, timeout?: number): Promise<Run | null> {
  const { importRun, userErrors } = await request(input);
  expect(userErrors).toEqual([]);
  await work(timeout);
  return runOf(importRun?.id);
}

const rowsOf = (prefix: string, count: number): Cells[] =>
  manyRows(count).map((row) => ({
    ...row,
    sku: `${prefix}-${row.sku}`,
    product_slug: `${prefix}-${row.product_slug}`,
  }));
const serve = (path: string, body: string) => {
  files.answers.set(path, (response) => response.end(body));
  return `http://${files.host}${path}`;
};
const failed = (failure: string) => ({ status: 'FAILED', failure: expect.stringContaining(failure) });

describe('an import', () => {
  it('of content waits, is done by a job, and tells of its bad rows', async () => {
    const content = csvFile([...rowsOf('inline', 5), { product_slug: 'x', sku: 'x', price: 'free' }]);
    const { importRun } = await request({ content });
    expect(importRun).toMatchObject({ status: 'QUEUED', rows: 0, problems: [], startedAt: null });
    await work();
    expect(await runOf(importRun?.id)).toEqual({
      ...importRun,
      status: 'DONE',
      rows: 6,
      created: 5,
      bad: 1,
      problems: [{ line: 7, reason: 'price: Use a decimal number, such as 12.50.' }],
      startedAt: expect.any(String),
      finishedAt: expect.any(String),
    });
    const subjectId = fromGlobalId('ImportRun', importRun?.id, 'id');
    const entries = await running.prisma.auditEntry.findMany({
      where: { subjectId },
      orderBy: { at: 'asc' },
    });
    expect(entries).toMatchObject([
      {
        action: 'catalogue.import.request',
        actorId: STAFF.userId,
        details: { format: 'CSV', from: 'content' },
      },
      { action: 'catalogue.import', actorId: STAFF.userId, actorRole: 'STAFF', details: { created: 5 } },
    ]);
    expect(await running.prisma.importRun.findUnique({ where: { id: subjectId } })).toMatchObject({
      content: null,
    });
    expect(await imported({ content })).toMatchObject({ created: 0, updated: 0, unchanged: 5, bad: 1 });
  });

  it('of one key is done once, however often it is asked for', async () => {
    const input = { content: csvFile(rowsOf('once', 2)), idempotencyKey: randomUUID() };
    const answers = await Promise.all(Array.from({ length: 10 }, () => request(input)));
    expect(new Set(answers.map(({ importRun }) => importRun?.id)).size).toBe(1);
    expect(await listJobs(running.databaseUrl)).toHaveLength(1);
    expect((await request({ ...input, content: 'other' })).userErrors).toMatchObject([
      { code: 'IDEMPOTENCY_KEY_REUSED', field: ['idempotencyKey'] },
    ]);
    const { importRun } = await request(input, someViewer('STAFF'));
    expect(importRun?.id).not.toBe(answers[0]?.importRun?.id);
    await work();
    expect(await request(input)).toMatchObject({ importRun: { status: 'DONE', created: 2 } });
  });

  it.each<[string, object, string[] | null, string]>([
    ['neither', {}, null, 'Give either'],
    ['both', { content: 'x', url: 'https://files.example.com/a' }, null, 'Give either'],
    ['too much', { content: 'x'.repeat(50_001) }, ['content'], 'At most 50000'],
    ['nothing', { content: '' }, ['content'], 'must not be empty'],
    ['no key', { content: 'x', idempotencyKey: ' ' }, ['idempotencyKey'], 'must not be empty'],
    ['another host', { url: 'https://example.com/a' }, ['url'], 'IMPORT_HOSTS'],
    ['another port', { url: 'https://files.example.com:444/a' }, ['url'], 'IMPORT_HOSTS'],
    ['no TLS', { url: 'http://files.example.com/a' }, ['url'], 'IMPORT_HOSTS'],
    ['a file of its own', { url: 'file:///etc/passwd' }, ['url'], 'IMPORT_HOSTS'],
    ['a user', { url: 'https://me:secret@files.example.com/a' }, ['url'], 'IMPORT_HOSTS'],
    ['no address', { url: 'products.csv' }, ['url'], 'IMPORT_HOSTS'],
  ])('is not made of %s', async (_case, input, field, message) => {
    const { importRun, userErrors } = await request(input);
    expect(importRun).toBeNull();
    expect(userErrors).toMatchObject([
      { code: 'VALIDATION', field, message: expect.stringContaining(message) },
    ]);
  });

  it('fetches nothing where no host is allowed, and says which setting that is', async () => {
    const strict = await runProducts();
    try {
      const { userErrors } = await request({ url: 'https://files.example.com/a' }, STAFF, strict.url);
      expect(userErrors).toMatchObject([
        { field: ['url'], message: expect.stringContaining('the setting IMPORT_HOSTS names no host') },
      ]);
    } finally {
      await strict.close();
    }
  });

  it('is for staff, and so is what became of it', async () => {
    const { importRun } = await request({ content: 'x' });
    const input = { format: 'CSV', content: 'x', idempotencyKey: 'x' };
    for (const [asker, code] of [
      ['NOBODY', 'UNAUTHENTICATED'],
      ['CUSTOMER', 'FORBIDDEN'],
    ] as const) {
      const asked = [
        await running.ask(IMPORT, { input }, asker),
        await running.ask(`{ importRun(id: "${importRun?.id}") { id } }`, {}, asker),
      ];
      for (const { errors } of asked)
        expect(errors?.map(({ extensions }) => extensions?.code)).toEqual([code]);
    }
    expect(await runOf(toGlobalId('ImportRun', randomUUID()))).toBeNull();
    await work();
    expect(await runOf(importRun?.id)).toMatchObject(failed('the header lacks product_slug'));
  });
});

describe('a file at an address', () => {
  it('is fetched by the job, through redirects on its host', async () => {
    const url = serve('/real.csv', csvFile(rowsOf('fetched', 1_000)));
    files.answers.set('/moved.csv', (response) => response.writeHead(302, { location: '/real.csv' }).end());
    expect(await imported({ url: url.replace('real', 'moved') })).toMatchObject({
      status: 'DONE',
      created: 1_000,
    });
    expect(await imported({ url })).toMatchObject({ created: 0, unchanged: 1_000 });
  });

  it('is not fetched from where it redirects to elsewhere', async () => {
    elsewhere.answers.set('/', (response) => response.end(csvFile(rowsOf('evil', 1))));
    for (const location of [`http://${elsewhere.host}/`, 'file:///etc/passwd', `//${elsewhere.host}/`]) {
      files.answers.set('/hostile', (response) => response.writeHead(307, { location }).end());
      expect(await imported({ url: `http://${files.host}/hostile` })).toMatchObject(failed('IMPORT_HOSTS'));
    }
    expect(elsewhere.asked).toEqual([]);
  });

  it('is given up when it leads in circles, or is not there', async () => {
    files.answers.set('/circle', (response) => response.writeHead(302, { location: '/circle' }).end());
    const url = `http://${files.host}/circle`;
    expect(await imported({ url })).toMatchObject(failed('leads through more than 3 others'));
    expect(await imported({ url: `http://${files.host}/nothing` })).toMatchObject(failed('HTTP 404'));
  });

  it('is given up when it does not end; what came before stays', async () => {
    files.answers.set('/endless', (response) => {
      response.write(csvFile(rowsOf('endless', 600)));
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
      };
      response.on('drain', more);
      more();
    });
    const run = await imported({ url: `http://${files.host}/endless` });
    expect(run).toMatchObject({
      ...failed(`larger than ${MAX_BYTES} bytes (IMPORT_MAX_BYTES)`),
      created: 500,
    });
    expect(await listJobs(running.databaseUrl)).toEqual([]);
  });

  it('is tried again when the connection breaks or the host has a fault, and what was written counts once', async () => {
    const content = csvFile(rowsOf('flaky', 1_200));
    const middle = content.indexOf('flaky-THING-800');
    const { importRun } = await request({ url: `http://${files.host}/flaky` });
    files.answers.set('/flaky', (response) => {
      response.write(content.slice(0, middle));
      void until(async () => {
        const run = await runOf(importRun?.id);
        return run?.created === 500;
      }).finally(() => response.destroy());
    });
    await work();
    expect(await runOf(importRun?.id)).toMatchObject({ status: 'RUNNING', rows: 500, created: 500 });
    files.answers.set('/flaky', (response) => response.writeHead(503).end());
    await tryAgain();
    expect(await runOf(importRun?.id)).toMatchObject({ status: 'RUNNING', created: 500 });
    files.answers.set('/flaky', (response) => response.end(content));
    await tryAgain();
    expect(await runOf(importRun?.id)).toMatchObject({
      status: 'DONE',
      rows: 1_200,
      created: 1_200,
      unchanged: 0,
      bad: 0,
    });
  });

  it('is tried again when it does not come in time', async () => {
    files.answers.set('/silent', () => undefined);
    await request({ url: `http://${files.host}/silent` });
    await work(50);
    expect(await listJobs(running.databaseUrl)).toMatchObject([
      { state: 'retrying', lastError: 'the file did not come within 50 ms (IMPORT_TIMEOUT_MS)' },
    ]);
    files.answers.set('/silent', (response) => response.writeHead(410).end());
    await tryAgain();
    expect(await listJobs(running.databaseUrl)).toEqual([]);
  });

  it('that never comes ends as failed with the last try', async () => {
    files.answers.set('/broken', (response) => response.destroy());
    const { importRun } = await request({ url: `http://${files.host}/broken` });
    await running.prisma.$executeRawUnsafe('UPDATE graphile_worker._private_jobs SET max_attempts = 1');
    await work();
    expect(await runOf(importRun?.id)).toMatchObject(failed('the connection to the file’s host failed'));
  });
});

/** Has jobs that wait for their next try done now. */
async function tryAgain(): Promise<void> {
  await retryJobs(
    running.databaseUrl,
    (await listJobs(running.databaseUrl)).map(({ id }) => id),
  );
  await work();
}

/** Waits until something holds, for 20 seconds at most. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('what was waited for did not happen');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
