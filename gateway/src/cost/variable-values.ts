import { type OperationDefinitionNode, valueFromASTUntyped } from 'graphql';
import { own } from '../execution/plan/objects.ts';

/** Reads variables as an operation sees them: what the client sent, or else their defaults. */
export function variableValues(
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): (name: string) => unknown {
  return (name) => {
    const given = own(variables, name);
    if (given !== undefined) return given;
    const usual = variableDefinitions.find(({ variable }) => variable.name.value === name)?.defaultValue;
    return usual && valueFromASTUntyped(usual);
  };
}
