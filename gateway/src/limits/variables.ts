import type { GraphQLError } from 'graphql';
import { refusal } from '../errors/gateway-error.ts';
import type { OperationCheck } from '../operations/operation-checks.ts';
import { type Exceeded, limitError } from './limit-error.ts';
import type { Limits } from './settings.ts';

/** Finds out why the variables of a request are refused; undefined when they are not. */
export type VariableLimits = (variables: Readonly<Record<string, unknown>>) => GraphQLError | undefined;

/**
 * Makes what looks at variables before anything else does, on every request. What goes too deep is left at once, as what
 * comes after goes down into variables on the stack.
 */
export function createVariableLimits(limits: Limits): VariableLimits {
  const { list_items: items, input_depth: depth, input_values: most } = limits;
  return (variables) => {
    let values = 0;
    let found: GraphQLError | undefined;
    const refuse = (exceeded: Exceeded) => {
      found = limitError(exceeded);
      return false;
    };
    const isWithin = (value: object, nested: number): boolean => {
      if (nested > depth) return refuse({ name: 'input_depth', limit: depth });
      if (Array.isArray(value)) {
        const { length } = value;
        if (length > items) return refuse({ name: 'list_items', limit: items, actual: length });
        values += length;
        if (values > most) return refuse({ name: 'input_values', limit: most });
        for (const item of value)
          if (typeof item === 'object' && item !== null && !isWithin(item, nested + 1)) return false;
        return true;
      }
      for (const [key, item] of Object.entries(value)) {
        if (key === '__proto__') {
          found = badKey();
          return false;
        }
        if (++values > most) return refuse({ name: 'input_values', limit: most });
        if (typeof item === 'object' && item !== null && !isWithin(item, nested + 1)) return false;
      }
      return true;
    };
    // The object of all variables is not one of their values.
    isWithin(variables, 0);
    return found;
  };
}

/** Has the variables of every operation looked at before it is run. */
export const variableLimitsCheck =
  (limits: VariableLimits): OperationCheck =>
  ({ variables }) => {
    const exceeded = limits(variables);
    if (exceeded) throw exceeded;
    return undefined;
  };

/** No name in GraphQL that somebody defined begins so, and copying such a key changes what an object is. */
const badKey = (): GraphQLError =>
  refusal('BAD_REQUEST', { message: 'The variables have a key `__proto__`.' });
