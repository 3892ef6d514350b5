/**
 * What this subgraph is made of, for a program that puts it together in another way, such as the single-process
 * server of the benchmarks.
 */
export type { Context } from './context.ts';
export { createLoaders } from './loaders/loaders.ts';
export { resolvers } from './resolvers/resolvers.ts';
export { createUserService } from './services/user.service.ts';
