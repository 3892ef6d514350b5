import type { SupergraphManager as ApolloSupergraphManager } from '@apollo/gateway';
import { type ConstDirectiveNode, Kind, parse, print } from 'graphql';
import { executableFeatures } from './executable-directives.ts';
import { linkOf } from './links.ts';

/**
 * Features whose purpose `@apollo/gateway` does not serve, and that are served here: our executor gives `@fromContext` its
 * values, and `@cacheTag` says what entries of a response cache are to be dropped together, without which every answer is
 * right all the same.
 */
const SERVED = new Set(['https://specs.apollo.dev/cacheTag/v0.1', 'https://specs.apollo.dev/context/v0.1']);

/** Features that say who may see what. Without what enforces them, everybody would see it. */
const UNENFORCED = /^https:\/\/specs\.apollo\.dev\/(authenticated|requiresScopes|policy)\/v/;

/** Hands supergraphs on to `ApolloGateway` for it to load and plan, as {@link executableSdl} makes them. */
export function executableSupergraph(manager: ApolloSupergraphManager): ApolloSupergraphManager {
  return {
    async initialize({ update, ...options }) {
      const initial = await manager.initialize({ ...options, update: (sdl) => update(executableSdl(sdl)) });
      return { ...initial, supergraphSdl: executableSdl(initial.supergraphSdl) };
    },
  };
}

/**
 * Changes the links of a supergraph (https://specs.apollo.dev/link) so that `ApolloGateway` loads it and clients see all
 * of it:
 *
 * - It refuses what is linked for a purpose that it does not serve; where it is served here, the purpose is left out.
 * - It hides what is linked from clients, also directives that are for operations only; these are no longer linked.
 *
 * @returns the same text when there is nothing to change
 * @throws Error when it uses directives that say who may see what
 */
export function executableSdl(sdl: string): string {
  const document = parse(sdl, { noLocation: true });
  const shown = executableFeatures(document);
  let isChanged = false;
  const changedLink = (directive: ConstDirectiveNode): ConstDirectiveNode | [] => {
    const link = linkOf(directive);
    const unenforced = link && UNENFORCED.exec(link.url)?.[1];
    if (unenforced !== undefined) throw notEnforced(unenforced);
    const isShown = link !== undefined && shown.has(link.url);
    const isServed = link?.purpose !== undefined && SERVED.has(link.url);
    if (!isShown && !isServed) return directive;
    isChanged = true;
    if (isShown) return [];
    return {
      ...directive,
      arguments: (directive.arguments ?? []).filter(({ name }) => name.value !== 'for'),
    };
  };
  const definitions = document.definitions.map((definition) =>
    definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION
      ? { ...definition, directives: (definition.directives ?? []).flatMap(changedLink) }
      : definition,
  );
  return isChanged ? print({ ...document, definitions }) : sdl;
}

const notEnforced = (directive: string): Error =>
  new Error(
    `@${directive} is not enforced by this gateway, and it serves nothing that was to be protected by it. ` +
      'Take it out of the subgraphs’ schemas, and check there who may see what.',
  );
