import { Supergraph } from '@apollo/federation-internals';
import type { GraphQLSchema } from 'graphql';
import { executableSdl } from '../supergraph/executable-supergraph.ts';

/**
 * What clients see of a supergraph.
 *
 * @param sdl - of the supergraph
 * @throws Error when it is none, or uses what this gateway does not serve
 */
export const apiSchemaOf = (sdl: string): GraphQLSchema =>
  Supergraph.build(executableSdl(sdl, { policies: true }))
    .apiSchema()
    .toGraphQLJSSchema();
