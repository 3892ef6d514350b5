export { type GatewaySettings, gatewaySettings, readSettings } from './config.ts';
export type { ErrorEntry } from './errors/entry.ts';
export { ERRORS, type ErrorCode } from './errors/registry.ts';
export { type GatewayOptions, startGateway } from './gateway.ts';
export type { RunningGateway } from './running-gateway.ts';
export type { ExampleOperation } from './server/landing-page.ts';
export { type ComposedSupergraph, CompositionError, composeSupergraph } from './supergraph/composition.ts';
