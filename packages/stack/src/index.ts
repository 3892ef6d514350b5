export { type RunningStack, startStack } from './start-stack.ts';
