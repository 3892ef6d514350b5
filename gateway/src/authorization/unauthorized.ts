import {
  type FieldNode,
  type GraphQLError,
  type GraphQLNamedType,
  getNamedType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { gatewayError, refusal } from '../errors/gateway-error.ts';
import { type Conditions, isIncluded, keyOfConditions } from '../execution/conditions.ts';
import { fieldTypeOf, listDepthOf, typeInside } from '../execution/static-types.ts';
import type { Denial } from './denial.ts';
import type { OperationParts } from './operation-requirements.ts';

/** Most errors that one answer has for fields that are denied; of more, nobody would learn anything. */
const MOST_ERRORS = 100;

/** In a path, what stands for every item of a list. */
const EACH = '@';

/** Where a denied field is in an answer: names, and `@` for every item of a list. */
type DeniedPlace = readonly string[];

/**
 * The places of an answer that are denied, in the order of the operation, each once.
 *
 * @param conditions - the values of the variables in `@skip` and `@include`: what is left out is not denied
 */
function deniedPlaces(
  { schema, operation, fragments }: OperationParts,
  { denied }: Pick<Denial, 'denied'>,
  conditions: Conditions,
): DeniedPlace[] {
  const places = new Map<string, DeniedPlace>();
  const leads = leadsTo(denied, fragments);
  const visit = (selectionSet: SelectionSetNode, type: GraphQLNamedType, place: DeniedPlace): void => {
    if (!leads(selectionSet)) return;
    for (const selection of selectionSet.selections) {
      if (places.size >= MOST_ERRORS) return;
      if (!isIncluded(selection.directives, conditions)) continue;
      if (selection.kind === Kind.FIELD) {
        visitField(selection, type, place);
        continue;
      }
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
      if (fragment) visit(fragment.selectionSet, typeInside(schema, fragment.typeCondition, type), place);
    }
  };
  const visitField = (field: FieldNode, parent: GraphQLNamedType, around: DeniedPlace): void => {
    const place = [...around, (field.alias ?? field.name).value];
    if (denied.has(field)) {
      places.set(place.join('.'), place);
      return;
    }
    const type = fieldTypeOf(parent, field.name.value);
    if (!field.selectionSet || !type) return;
    visit(field.selectionSet, getNamedType(type), [...place, ...Array(listDepthOf(type)).fill(EACH)]);
  };
  const root = schema.getRootType(operation.operation);
  if (root) visit(operation.selectionSet, root, []);
  return [...places.values()];
}

/** Finds out whether there is a denied field in some selections, or below them. */
function leadsTo(denied: ReadonlySet<FieldNode>, fragments: OperationParts['fragments']) {
  const known = new Map<SelectionSetNode, boolean>();
  const leads = (selectionSet: SelectionSetNode): boolean => {
    let found = known.get(selectionSet);
    if (found === undefined) {
      found = selectionSet.selections.some((selection) => {
        if (selection.kind === Kind.FIELD && denied.has(selection)) return true;
        const inside =
          selection.kind === Kind.FRAGMENT_SPREAD
            ? fragments.get(selection.name.value)?.selectionSet
            : selection.selectionSet;
        return inside !== undefined && leads(inside);
      });
      known.set(selectionSet, found);
    }
    return found;
  };
  return leads;
}

/**
 * The error for a place that is denied, as Apollo's router has it. Its path ends before the first list, as that is the last
 * place which is surely one of the answer; `affectedPath` has the whole.
 */
function unauthorizedError(place: DeniedPlace): GraphQLError {
  const list = place.indexOf(EACH);
  return gatewayError('UNAUTHORIZED_FIELD_OR_TYPE', {
    path: list < 0 ? place : place.slice(0, list),
    extensions: { affectedPath: place.join('.') },
  });
}

/** Makes the errors for what is denied, for values of the variables in `@skip` and `@include`. */
export type Unauthorized = (conditions: Conditions) => GraphQLError[];

/** Prepares the errors for what is denied of an operation; where they are is found out once for the same values. */
export function createUnauthorized(parts: OperationParts, denial: Pick<Denial, 'denied'>): Unauthorized {
  const known = new Map<string, readonly DeniedPlace[]>();
  return (conditions) => {
    const key = keyOfConditions(conditions);
    let places = known.get(key);
    if (!places) {
      places = deniedPlaces(parts, denial, conditions);
      known.set(key, places);
    }
    return places.map(unauthorizedError);
  };
}

/** The same error for an operation of which nothing is run. */
export const asRefusal = ({ message, path, extensions }: GraphQLError): GraphQLError =>
  refusal('UNAUTHORIZED_FIELD_OR_TYPE', { message, path, extensions });
