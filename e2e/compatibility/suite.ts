import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

/** The folder of Apollo's package. */
const FOLDER = dirname(require.resolve('@apollo/federation-subgraph-compatibility-tests/package.json'));

/** A file of Apollo's package. */
export const fileOfSuite = (path: string): string => join(FOLDER, path);

/** What Apollo's report has a line for, and the name of its tests. */
export interface Feature {
  assertion: string;
  column: string;
}

/** What the report of Apollo's tests is made of. */
export const FEATURES: readonly Feature[] = require(fileOfSuite('dist/testRunner.js')).TESTS;

/** One of Apollo's tests. */
export interface TestOutcome {
  /** Name of the feature that it is about, as Apollo's own report takes it from the result. */
  feature: string;
  name: string;
  status: string;
  failures: readonly string[];
}

/** As Jest writes it. */
interface JestReport {
  testResults: {
    message: string;
    assertionResults: {
      ancestorTitles: string[];
      fullName: string;
      status: string;
      failureMessages: string[];
    }[];
  }[];
}

/**
 * Runs Apollo's tests as they are, in a Jest of their own.
 *
 * @param urls - GraphQL addresses of the products subgraph, and of the router before it
 */
export async function runSuite(urls: { products: string; router: string }): Promise<TestOutcome[]> {
  const config = fileURLToPath(new URL('./suite-jest.config.cjs', import.meta.url));
  const output = await new Promise<string>((resolve, reject) => {
    execFile(
      process.execPath,
      [require.resolve('jest/bin/jest'), '--ci', '--json', '--runInBand', '--config', config],
      {
        env: { PATH: process.env.PATH, PRODUCTS_URL: urls.products, ROUTER_URL: urls.router, SUITE: FOLDER },
        maxBuffer: 10_000_000, // bytes
      },
      // It ends with 1 when a test failed; the report has which.
      (error, stdout, stderr) => (stdout === '' ? reject(error ?? new Error(stderr)) : resolve(stdout)),
    );
  });
  const { testResults } = JSON.parse(output) as JestReport;
  return testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ ancestorTitles, fullName, status, failureMessages }) => ({
      feature: ancestorTitles[0] ?? fullName,
      name: fullName,
      status,
      failures: failureMessages,
    })),
  );
}
