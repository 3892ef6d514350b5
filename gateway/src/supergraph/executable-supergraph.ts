import type { SupergraphManager as ApolloSupergraphManager } from '@apollo/gateway';
import { type ConstDirectiveNode, type DocumentNode, Kind, parse, print } from 'graphql';
import { DIRECTIVES, specificationOf } from '../authorization/directives.ts';
import { executableFeatures } from './executable-directives.ts';
import { refuseUnservedFeature, SERVED_HERE } from './features.ts';
import { type Link, linkOf } from './links.ts';

/** Features that say who may see what. Without what enforces them, everybody would see it. */
const AUTHORIZATION = new RegExp(`^https://specs\\.apollo\\.dev/(${DIRECTIVES.join('|')})/v`);

/** What there is to serve a supergraph with. */
export interface Served {
  /** Whether somebody decides about `@policy`. */
  policies: boolean;
}

/** Refuses a supergraph that cannot be served as it is meant, by throwing what is to be done. */
export type SupergraphCheck = (supergraph: DocumentNode) => void;

/** Hands supergraphs on to `ApolloGateway` that pass a check, for it to load and plan as {@link executableSdl} makes them. */
export const executableSupergraph = (
  manager: ApolloSupergraphManager,
  served: Served,
  check: SupergraphCheck,
): ApolloSupergraphManager =>
  changedSupergraph(manager, (sdl) => {
    check(parse(sdl, { noLocation: true }));
    return executableSdl(sdl, served);
  });

/**
 * Hands supergraphs on to an `ApolloGateway` that runs its plans itself, when they pass a check and nothing in them is to
 * be enforced.
 */
export const protectedSupergraph = (
  manager: ApolloSupergraphManager,
  check: SupergraphCheck,
): ApolloSupergraphManager =>
  changedSupergraph(manager, (sdl) => {
    check(parse(sdl, { noLocation: true }));
    const directive = linksIn(sdl).flatMap(({ url }) => AUTHORIZATION.exec(url)?.[1] ?? [])[0];
    if (directive === undefined) return sdl;
    throw new Error(`@${directive} is enforced with EXECUTOR=tributary only`);
  });

/** Whether a supergraph links directives for which it has to be known who asks. */
export const asksWhoItIs = (sdl: string): boolean =>
  /https:\/\/specs\.apollo\.dev\/(authenticated|requiresScopes)\//.test(sdl);

const changedSupergraph = (
  manager: ApolloSupergraphManager,
  change: (sdl: string) => string,
): ApolloSupergraphManager => ({
  async initialize({ update, ...options }) {
    const initial = await manager.initialize({ ...options, update: (sdl) => update(change(sdl)) });
    return { ...initial, supergraphSdl: change(initial.supergraphSdl) };
  },
});

const linksIn = (sdl: string): Link[] =>
  parse(sdl, { noLocation: true }).definitions.flatMap((definition) =>
    definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION
      ? (definition.directives ?? []).flatMap((directive) => linkOf(directive) ?? [])
      : [],
  );

/**
 * Changes the links of a supergraph (https://specs.apollo.dev/link) so that `ApolloGateway` loads it and clients see all
 * of it:
 *
 * - It refuses what is linked for a purpose that it does not serve; where it is served here, the purpose is left out.
 * - It hides what is linked from clients, also directives that are for operations only; these are no longer linked.
 *
 * @returns the same text when there is nothing to change
 * @throws Error when it uses what is not served here, or directives that say who may see what and nothing enforces
 */
export function executableSdl(sdl: string, served: Served): string {
  const document = parse(sdl, { noLocation: true });
  const shown = executableFeatures(document);
  let isChanged = false;
  const changedLink = (directive: ConstDirectiveNode): ConstDirectiveNode | [] => {
    const link = linkOf(directive);
    if (link) {
      refuseUnenforced(link, served);
      refuseUnservedFeature(link);
    }
    const isShown = link !== undefined && shown.has(link.url);
    const isServed = link?.purpose !== undefined && SERVED_HERE.has(link.url);
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

function refuseUnenforced({ url }: Link, { policies }: Served): void {
  const directive = AUTHORIZATION.exec(url)?.[1];
  if (directive === undefined) return;
  if (!SERVED_HERE.has(url)) {
    throw new Error(
      `@${directive} is not enforced by this gateway in the version of ${url}, and it serves nothing that was to be protected by it`,
    );
  }
  if (url === specificationOf('policy') && !policies) {
    throw new Error(
      'it uses @policy, and nobody decides about policies: set `authorization.policies` in the file that GATEWAY_CONFIG names, or give startGateway `policies`',
    );
  }
}
