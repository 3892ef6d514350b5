import { dnfConjunction } from '@apollo/federation-internals';
import {
  type ConstDirectiveNode,
  type DocumentNode,
  Kind,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import { isObject } from '../execution/plan/objects.ts';
import { linkOf } from '../supergraph/links.ts';
import { AUTHENTICATED, all, any, NOTHING, policy, type Requirement, scope } from './requirement.ts';

/** Lists of which one is to be met, each as a whole. */
export type Alternatives = readonly (readonly string[])[];

/** What the directives at one place of a schema ask for. */
export interface Demand {
  authenticated: boolean;
  /** Null when nothing is said of scopes. */
  scopes: Alternatives | null;
  /** Null when nothing is said of policies. */
  policies: Alternatives | null;
}

/** The directives that say who may see what, as the specifications call them. */
export const DIRECTIVES = ['authenticated', 'requiresScopes', 'policy'] as const;

type DirectiveName = (typeof DIRECTIVES)[number];

/** The version of a specification that is enforced here, as a link has it. */
export const specificationOf = (directive: DirectiveName): string =>
  `https://specs.apollo.dev/${directive}/v0.1`;

/** Reads what the directives at one place ask for; null when it is nothing. */
export type ReadDemand = (directives: readonly ConstDirectiveNode[] | undefined) => Demand | null;

/**
 * Prepares the reading of a supergraph: its directives may have other names than the specifications give them, and may be
 * told of in `@join__directive`.
 *
 * @returns null when it links none of them
 */
export function demandReader({ definitions }: DocumentNode): ReadDemand | null {
  const links = definitions.flatMap((definition) =>
    definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION
      ? (definition.directives ?? []).flatMap((directive) => linkOf(directive) ?? [])
      : [],
  );
  const meanings = new Map<string, DirectiveName>();
  const joined = new Map<string, DirectiveName>();
  for (const directive of DIRECTIVES) {
    joined.set(directive, directive).set(`federation__${directive}`, directive);
    const link = links.find(({ url }) => url === specificationOf(directive));
    if (!link) continue;
    const [name = link.prefix] = link.importedDirectives;
    meanings.set(name, directive);
    joined.set(name, directive);
  }
  const isJoined = definitions.some(
    (definition) =>
      definition.kind === Kind.DIRECTIVE_DEFINITION && definition.name.value === 'join__directive',
  );
  if (meanings.size === 0 && !isJoined) return null;
  return (directives = []) => {
    const demands = directives.flatMap((directive) => {
      const { name, args } =
        directive.name.value === 'join__directive' ? joinedIn(directive) : plain(directive);
      const meaning = (directive.name.value === 'join__directive' ? joined : meanings).get(name);
      return meaning ? demandOf(meaning, args) : [];
    });
    return demands.length > 0 ? joinDemands(demands) : null;
  };
}

interface Applied {
  name: string;
  args: Readonly<Record<string, unknown>>;
}

const plain = ({ name, arguments: args = [] }: ConstDirectiveNode): Applied => ({
  name: name.value,
  args: Object.fromEntries(args.map((one) => [one.name.value, valueFromASTUntyped(one.value as ValueNode)])),
});

/** `@join__directive(graphs: […], name: "requiresScopes", args: { scopes: [["a"]] })` */
function joinedIn(directive: ConstDirectiveNode): Applied {
  const { name, args } = plain(directive).args;
  return { name: String(name), args: isObject(args) ? args : {} };
}

function demandOf(meaning: DirectiveName, { scopes, policies }: Applied['args']): Demand {
  return {
    authenticated: meaning === 'authenticated',
    scopes: meaning === 'requiresScopes' ? alternativesIn(scopes) : null,
    policies: meaning === 'policy' ? alternativesIn(policies) : null,
  };
}

const alternativesIn = (value: unknown): Alternatives =>
  Array.isArray(value)
    ? value.map((names) => (Array.isArray(names) ? names.map(String) : [String(names)]))
    : [];

/** What is asked for when all of some demands are made, as composition joins them. */
export function joinDemands(demands: readonly Demand[]): Demand {
  const joinOf = (some: readonly (Alternatives | null)[]): Alternatives | null => {
    const given = some.filter((one) => one !== null).map((one) => one.map((names) => [...names]));
    return given.length > 0 ? dnfConjunction(given) : null;
  };
  return {
    authenticated: demands.some(({ authenticated }) => authenticated),
    scopes: joinOf(demands.map(({ scopes }) => scopes)),
    policies: joinOf(demands.map(({ policies }) => policies)),
  };
}

/** What of a demand another does not make sure of. */
export const beyond = (demand: Demand, other: Demand): Demand => ({
  authenticated: demand.authenticated && !other.authenticated,
  scopes: isMadeSure(demand.scopes, other.scopes) ? null : demand.scopes,
  policies: isMadeSure(demand.policies, other.policies) ? null : demand.policies,
});

/** Whether who meets the others meets these: each list of theirs has all of one of these. */
const isMadeSure = (these: Alternatives | null, others: Alternatives | null): boolean =>
  these === null ||
  others?.every((names) => these.some((list) => list.every((name) => names.includes(name)))) === true;

/** A demand as what is asked of a viewer. */
export const requirementOf = ({ authenticated, scopes, policies }: Demand): Requirement =>
  all([authenticated ? AUTHENTICATED : NOTHING, anyList(scopes, scope), anyList(policies, policy)]);

/** No list at all asks for nothing, as composition takes it. */
const anyList = (alternatives: Alternatives | null, one: (name: string) => Requirement): Requirement =>
  alternatives && alternatives.length > 0 ? any(alternatives.map((names) => all(names.map(one)))) : NOTHING;
