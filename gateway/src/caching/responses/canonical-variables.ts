import type { OperationDefinitionNode } from 'graphql';
import { isObject } from '../../execution/plan/objects.ts';

/**
 * The values of an operation's variables as a text that is the same for equal ones: what the operation does not have is
 * left out, and objects have their fields in one order.
 */
export function canonicalVariables(
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): string {
  const names = variableDefinitions.map(({ variable }) => variable.name.value);
  return JSON.stringify(
    Object.fromEntries(
      names.filter((name) => Object.hasOwn(variables, name)).map((name) => [name, sorted(variables[name])]),
    ),
  );
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, sorted(value[name])]),
  );
}
