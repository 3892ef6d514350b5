import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { fieldTypeOf, typeInside } from '../execution/static-types.ts';
import type { FieldRequirements } from './field-requirements.ts';
import { NOTHING, policiesOf, type Requirement } from './requirement.ts';

/** An operation with what it is read with. */
export interface OperationParts {
  /** What clients see. */
  schema: GraphQLSchema;
  operation: OperationDefinitionNode;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** What it takes to see all of an operation. */
export interface OperationRequirements {
  /** By the fields of the operation; a field that takes nothing is not there. */
  readonly byField: ReadonlyMap<FieldNode, Requirement>;
  /** Each once. */
  readonly all: readonly Requirement[];
  /** The policies that they may depend on. */
  readonly policies: readonly string[];
}

/**
 * What the fields of an operation take. A field takes the same wherever a fragment is spread that it stands in: it is the
 * type that the fragment is on that counts.
 *
 * @returns null when anybody may see all of it
 */
export function requirementsOf(
  { schema, operation, fragments }: OperationParts,
  requirementOf: FieldRequirements,
): OperationRequirements | null {
  const byField = new Map<FieldNode, Requirement>();
  const seen = new Set<string>();
  const read = ({ selections }: SelectionSetNode, type: GraphQLNamedType): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        read(selection.selectionSet, typeInside(schema, selection.typeCondition, type));
      } else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        if (!fragment || seen.has(selection.name.value)) continue;
        seen.add(selection.name.value);
        read(fragment.selectionSet, typeInside(schema, fragment.typeCondition, type));
      } else {
        const requirement = requirementOf(type, selection.name.value);
        if (requirement !== NOTHING) byField.set(selection, requirement);
        const value = getNamedType(fieldTypeOf(type, selection.name.value));
        if (selection.selectionSet && value) read(selection.selectionSet, value);
      }
    }
  };
  const root = schema.getRootType(operation.operation);
  if (root) read(operation.selectionSet, root);
  if (byField.size === 0) return null;
  const all = [...new Map([...byField.values()].map((one) => [one.text, one])).values()];
  return { byField, all, policies: policiesOf(all) };
}
