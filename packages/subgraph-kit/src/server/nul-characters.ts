import { type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import { type DocumentNode, type ValueNode, visit } from 'graphql';
import { InputError } from '../errors.ts';

/**
 * Refuses text with a NUL character anywhere in the arguments, or in the defaults of variables: PostgreSQL cannot
 * hold one, and would answer with an error of its own.
 */
export const refuseNulCharacters: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async didResolveOperation({ request, document }) {
        const error = nulCharacterIn(document, request.variables);
        if (error) throw error;
      },
    };
  },
};

/** The error for an operation that has text with a NUL character; null for one that has none. */
export function nulCharacterIn(document: DocumentNode, variables: unknown): InputError | null {
  const inVariables = findNul(variables, '');
  if (inVariables !== null) return nulIn(inVariables);
  let found: InputError | null = null;
  const look = (literal: ValueNode, argument: string): void => {
    visit(literal, {
      StringValue({ value }) {
        if (value.includes('\0')) found ??= nulIn(argument);
      },
    });
  };
  visit(document, {
    Argument: ({ name, value }) => look(value, name.value),
    VariableDefinition: ({ variable, defaultValue }) =>
      defaultValue && look(defaultValue, variable.name.value),
  });
  return found;
}

function nulIn(argument: string): InputError {
  const error = new InputError('NUL_CHARACTER', argument, 'Text must not contain a NUL character.');
  // An answer like that of a resolver's error: by default it would be a 500, which says the subgraph is broken.
  error.extensions.http = { status: 200, headers: new HeaderMap() };
  return error;
}

/** The path of the first text with a NUL character, or null. */
function findNul(value: unknown, path: string): string | null {
  if (typeof value === 'string') return value.includes('\0') ? path : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, member] of Object.entries(value)) {
    const found = findNul(member, path === '' ? key : `${path}.${key}`);
    if (found !== null) return found;
  }
  return null;
}
