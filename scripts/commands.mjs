/**
 * @typedef {object} Command
 * @property {string} summary - one line, for the list of commands
 * @property {'generate' | 'build'} [needs] - the turbo task whose outputs it works with
 * @property {string} [module] - run inside this process, from its build
 * @property {string[]} [run] - run as a child process: Node's arguments
 */

/** Node's arguments that run a TypeScript source file of this repository as it is. */
const source = (file) => ['--import', 'tsx', '--conditions=source', file];

/**
 * What `npm run NAME` does; `npm start` and `npm test` too.
 *
 * @type {Record<string, Command>}
 */
export const commands = {
  start: {
    summary: 'the whole graph on this machine',
    needs: 'build',
    module: 'packages/stack/dist/cli/start.js',
  },
  dev: {
    summary: 'the same, reloading what you change',
    needs: 'generate',
    run: source('packages/stack/src/cli/dev.ts'),
  },
  test: {
    summary: 'all tests',
    needs: 'build',
    run: source('packages/testing/src/cli/test-all.ts'),
  },
  check: {
    summary: 'format, lint, types, generated code, composition, migrations',
    needs: 'generate',
    run: source('packages/stack/src/cli/check.ts'),
  },
  build: { summary: 'what `npm start` and the images run', needs: 'build' },
  gateway: {
    summary: 'the gateway alone, on any supergraph',
    needs: 'build',
    // Answers that are being put together live longer than a small young generation: with 16 MB a fifth of the
    // gateway's time went into moving them.
    run: ['--max-semi-space-size=32', 'gateway/dist/main.js'],
  },
  compose: {
    summary: 'supergraph.graphql from supergraph.yaml',
    needs: 'generate',
    run: source('gateway/src/cli/compose.ts'),
  },
  operations: {
    summary: 'whether the supergraph can run what clients were built with',
    needs: 'generate',
    run: source('gateway/src/cli/operations.ts'),
  },
  schema: {
    summary: 'what changes for clients since the last release',
    needs: 'generate',
    run: source('gateway/src/cli/schema.ts'),
  },
  'db:migrate': {
    summary: 'applies the migrations',
    needs: 'generate',
    run: source('packages/database/src/cli/migrate.ts'),
  },
  'db:new': {
    summary: 'writes the next migration of a database',
    needs: 'generate',
    run: source('packages/database/src/cli/new-migration.ts'),
  },
  backup: {
    summary: 'base backups of a PostgreSQL server, and its log',
    needs: 'generate',
    run: source('packages/database/src/cli/backup.ts'),
  },
  restore: {
    summary: 'a server from its backups, up to the end or to a time',
    needs: 'generate',
    run: source('packages/database/src/cli/restore.ts'),
  },
  seed: {
    summary: 'fills the databases with the demo shop',
    needs: 'generate',
    run: source('prisma/seed/cli.ts'),
  },
  import: {
    summary: 'a catalogue from a CSV or NDJSON file',
    needs: 'generate',
    run: source('subgraphs/products/src/cli/import.ts'),
  },
  jobs: {
    summary: 'the jobs that failed, and another try for them',
    needs: 'generate',
    run: source('packages/jobs/src/cli/jobs.ts'),
  },
  events: {
    summary: 'the events for other systems that the broker refuses, and what becomes of them',
    needs: 'generate',
    run: source('packages/domain-events/src/cli/events.ts'),
  },
  top: {
    summary: 'a live page of the running stack',
    needs: 'generate',
    run: source('packages/stack/src/cli/top.ts'),
  },
  token: {
    summary: 'an access token of a demo account',
    needs: 'generate',
    run: source('packages/stack/src/cli/token.ts'),
  },
  'new:subgraph': {
    summary: 'a new subgraph, ready to edit',
    needs: 'generate',
    run: source('packages/stack/src/cli/new-subgraph.ts'),
  },
  settings: {
    summary: 'the tables in the documents, and what Prometheus and Grafana read',
    needs: 'generate',
    run: source('packages/stack/src/cli/settings-table.ts'),
  },
  kubernetes: {
    summary: 'what a Kubernetes cluster needs, as YAML',
    needs: 'generate',
    run: source('deploy/kubernetes/src/cli.ts'),
  },
  release: {
    summary: 'the next version, made of the changes that were noted',
    needs: 'generate',
    run: source('packages/stack/src/cli/release.ts'),
  },
  bench: {
    summary: 'measures, side by side with what one would use instead',
    needs: 'build',
    run: source('bench/src/cli.ts'),
  },
  capacity: {
    summary: 'servers, connections and money for a traffic, and what breaks first',
    run: source('bench/src/capacity/cli.ts'),
  },
  soak: {
    summary: 'ten minutes of load while things go wrong',
    needs: 'generate',
    run: source('e2e/soak/cli.ts'),
  },
};
