import { readFileSync } from 'node:fs';
import preset from './jest.preset.js';

const { workspaces } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

/** All packages' tests at once, so that both cores are busy to the end; a package alone has its own configuration. */
export default {
  projects: workspaces.map((folder) => `<rootDir>/${folder}`),
  testSequencer: '<rootDir>/jest.sequencer.js',
  maxWorkers: 2,
  testTimeout: preset.testTimeout, // Jest takes it from here only
  // What one test file loads is not all given back after it: a worker that has become larger is replaced.
  workerIdleMemoryLimit: '1GB',
};
