/**
 * Loads the one part of `graphql` that depends on `NODE_ENV` as it is in production. In development it looks closely at
 * each value that is not of the type it is compared with, for a second copy of the library: a seventh of the time of
 * the tests that plan many operations.
 */
const environment = process.env.NODE_ENV;
process.env.NODE_ENV = 'production';
await import('graphql/jsutils/instanceOf.js');
process.env.NODE_ENV = environment;
