const setup = (file) => `${import.meta.dirname}/packages/testing/src/setup/${file}`;

/**
 * What every package's tests have in common: native ESM, TypeScript through swc, and workspace packages
 * taken from their sources (the `source` export condition), so that a test never runs a stale build.
 */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
  testMatch: ['<rootDir>/**/*.test.ts'],
  setupFiles: [
    setup('production-graphql.ts'),
    // Only where `TEST_PGBOUNCER=1` has one started.
    ...(process.env.TEST_PGBOUNCER_URL ? [setup('through-pgbouncer.ts')] : []),
  ],
  testTimeout: 60_000, // 60 seconds: two cores run a database, the services and the tests together
};
