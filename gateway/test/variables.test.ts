import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildSchema, getVariableValues, Kind, parse, type VariableDefinitionNode } from 'graphql';
import { variablesCheck } from '../src/execution/variables.ts';

const schema = buildSchema(`
  enum Colour { RED }
  input Point { x: Int! }
  scalar Any
  type Query { a: Int b: Float c: ID }
`);

const TYPES = ['Boolean', 'Float', 'ID', 'Int', 'String', 'Colour', 'Point', 'Any', '[Int]', '[ID!]'];
const NAMES = ['a', 'constructor', '__proto__'];

const definitionsOf = (text: string): readonly VariableDefinitionNode[] => {
  const [operation] = parse(`query(${text}) { a }`).definitions;
  return operation?.kind === Kind.OPERATION_DEFINITION ? (operation.variableDefinitions ?? []) : [];
};

const values = fc.oneof(
  fc.constantFrom(
    undefined,
    null,
    '',
    'RED',
    '1',
    0,
    -0,
    2 ** 31 - 1,
    2 ** 31,
    -(2 ** 31),
    1.5,
    Number.NaN,
    true,
  ),
  fc.constantFrom(Number.POSITIVE_INFINITY, [], [1], ['1', null], {}, { x: 1 }, { x: null }),
);

describe('a check of variables', () => {
  it('says what graphql-js says', () => {
    const definition = fc.record({
      name: fc.constantFrom(...NAMES),
      type: fc.constantFrom(...TYPES, ...TYPES.map((type) => `${type}!`)),
      value: values,
      hasDefault: fc.boolean(),
    });
    fc.assert(
      fc.property(definition, ({ name, type, value, hasDefault }) => {
        const defaults: Record<string, string> = { Int: ' = 1', 'Int!': ' = 1', String: ' = null' };
        const definitions = definitionsOf(`$${name}: ${type}${hasDefault ? (defaults[type] ?? '') : ''}`);
        const variables = JSON.parse(`{"other":1}`) as Record<string, unknown>;
        // As JSON has it: there is no `undefined`.
        if (value !== undefined) Object.defineProperty(variables, name, { value, enumerable: true });
        const { errors } = getVariableValues(schema, definitions, variables);
        expect(variablesCheck(schema, definitions)(variables)).toEqual(errors);
        const none = getVariableValues(schema, definitions, {}).errors;
        expect(variablesCheck(schema, definitions)({})).toEqual(none);
      }),
      { numRuns: 2_000 },
    );
  });
});
