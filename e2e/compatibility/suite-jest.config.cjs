/** How Apollo's tests are run where they lie: as plain JavaScript, and with the router where it was started. */
module.exports = {
  rootDir: process.env.SUITE,
  testMatch: ['<rootDir>/dist/tests/*.test.js'],
  testEnvironment: 'node',
  testPathIgnorePatterns: [],
  haste: { retainAllFiles: true },
  transform: {},
  moduleNameMapper: { '^make-fetch-happen$': `${__dirname}/suite-fetch.cjs` },
};
