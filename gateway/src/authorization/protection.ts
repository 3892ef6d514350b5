import { type DocumentNode, Kind, parse } from 'graphql';
import { beyond, type Demand, DIRECTIVES, demandReader, joinDemands, requirementOf } from './directives.ts';
import { NOTHING, type Requirement } from './requirement.ts';

/** What the directives of a supergraph ask for, where they stand. */
export interface Protection {
  /**
   * Of a type. Composition has an interface ask for what all of its types ask for together, so this is, for an interface,
   * only what it asks for beyond that; see {@link FieldRequirements} for what its fields take.
   */
  ofType(type: string): Requirement;
  /** Of a field, without its type and the type it belongs to. */
  ofField(type: string, field: string): Requirement;
}

/** @returns null when a supergraph has nothing that is protected. @param sdl - of a supergraph */
export function readProtection(sdl: string): Protection | null {
  if (!DIRECTIVES.some((name) => sdl.includes(name))) return null;
  const document = parse(sdl, { noLocation: true });
  const demandIn = demandReader(document);
  if (!demandIn) return null;
  const types = new Map<string, Demand>();
  const fields = new Map<string, Requirement>();
  for (const definition of document.definitions) {
    if (!('directives' in definition) || !('name' in definition) || !definition.name) continue;
    if (definition.kind === Kind.DIRECTIVE_DEFINITION || definition.kind === Kind.OPERATION_DEFINITION)
      continue;
    if (definition.kind === Kind.FRAGMENT_DEFINITION) continue;
    const type = definition.name.value;
    const demand = demandIn(definition.directives);
    const known = types.get(type);
    if (demand) types.set(type, known ? joinDemands([known, demand]) : demand);
    if (!('fields' in definition)) continue;
    for (const field of definition.fields ?? []) {
      const own = demandIn(field.directives);
      if (own) fields.set(`${type}.${field.name.value}`, requirementOf(own));
    }
  }
  if (types.size === 0 && fields.size === 0) return null;
  const implementations = implementationsIn(document);
  const requirements = new Map(
    [...types].map(([type, demand]) => {
      const implied = (implementations.get(type) ?? []).flatMap((name) => types.get(name) ?? []);
      return [
        type,
        requirementOf(implied.length > 0 ? beyond(demand, joinDemands(implied)) : demand),
      ] as const;
    }),
  );
  return {
    ofType: (type) => requirements.get(type) ?? NOTHING,
    ofField: (type, field) => fields.get(`${type}.${field}`) ?? NOTHING,
  };
}

/** The object types that implement each interface. */
function implementationsIn({ definitions }: DocumentNode): Map<string, string[]> {
  const implementations = new Map<string, string[]>();
  for (const definition of definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.OBJECT_TYPE_EXTENSION)
      continue;
    for (const { name } of definition.interfaces ?? []) {
      implementations.set(name.value, [...(implementations.get(name.value) ?? []), definition.name.value]);
    }
  }
  return implementations;
}
