import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { GraphQLDateTime, GraphQLJSON, GraphQLSafeInt } from 'graphql-scalars';

const DECIMAL = /^-?\d{1,30}(\.\d{1,10})?$/;

const parseDecimal = (value: unknown): string => {
  if (typeof value === 'string' && DECIMAL.test(value)) return value;
  throw new GraphQLError('Decimal: a string such as "12.50" is expected');
};

/** A decimal number as a string, never a float. */
export const GraphQLDecimal = new GraphQLScalarType({
  name: 'Decimal',
  serialize: parseDecimal,
  parseValue: parseDecimal,
  parseLiteral: (node) => parseDecimal(node.kind === Kind.STRING ? node.value : null),
});

/** The scalars that subgraphs share, by name. */
export const sharedScalars = {
  DateTime: GraphQLDateTime,
  SafeInt: GraphQLSafeInt,
  Decimal: GraphQLDecimal,
  JSON: GraphQLJSON,
};
