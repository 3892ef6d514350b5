import {
  type FieldNode,
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  isInputObjectType,
  Kind,
  type ValueNode,
} from 'graphql';
import { isObject } from '../execution/plan/objects.ts';
import { argumentCoordinate, type CostDirectives } from './cost-directives.ts';
import { type Part, sum } from './part.ts';

/** Where a value goes: an argument, or a field of an input object. */
interface Place {
  type: GraphQLNamedType;
  /** What `@cost` says of the place, or else of its type. */
  weight: number | undefined;
}

/**
 * What the arguments of a field cost: each input object 1 and anything else nothing, unless `@cost` says otherwise, as
 * Apollo Router has it. An argument that is not given costs nothing, whatever its default.
 *
 * @param coordinate - of the field, `Type.field`
 */
export function argumentsCost(
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  coordinate: string,
  directives: CostDirectives,
): Part {
  return sum(
    (node.arguments ?? []).map(({ name, value }) => {
      const definition = field.args.find((arg) => arg.name === name.value);
      if (!definition) return 0;
      const type = getNamedType(definition.type);
      const place = placeOf(type, argumentCoordinate(coordinate, definition.name), directives);
      return literalCost(value, place, directives);
    }),
  );
}

const placeOf = (type: GraphQLNamedType, coordinate: string, { weights }: CostDirectives): Place => ({
  type,
  weight: weights.get(coordinate) ?? weights.get(type.name),
});

function fieldPlace({ type }: Place, name: string, directives: CostDirectives): Place | undefined {
  const field = isInputObjectType(type) ? type.getFields()[name] : undefined;
  return field && placeOf(getNamedType(field.type), `${type.name}.${name}`, directives);
}

function literalCost(value: ValueNode, place: Place, directives: CostDirectives): Part {
  const { type, weight } = place;
  switch (value.kind) {
    case Kind.NULL:
      return 0;
    case Kind.VARIABLE: {
      const name = value.name.value;
      if (!isInputObjectType(type) && weight === undefined) return 0;
      return ({ variable }) => valueCost(variable(name), place, directives);
    }
    case Kind.LIST:
      return sum([weight ?? 0, ...value.values.map((item) => literalCost(item, place, directives))]);
    case Kind.OBJECT:
      if (!isInputObjectType(type)) return weight ?? 0;
      return sum([
        weight ?? 1,
        ...value.fields.map((field) => {
          const inner = fieldPlace(place, field.name.value, directives);
          return inner ? literalCost(field.value, inner, directives) : 0;
        }),
      ]);
    default:
      return weight ?? 0;
  }
}

/** The same of a variable's value, which need not fit its type. */
function valueCost(value: unknown, place: Place, directives: CostDirectives): number {
  if (value === null || value === undefined) return 0;
  const { type, weight } = place;
  if (Array.isArray(value))
    return value.reduce((total: number, item) => total + valueCost(item, place, directives), weight ?? 0);
  if (!isObject(value) || !isInputObjectType(type)) return weight ?? 0;
  let total = weight ?? 1;
  for (const [name, item] of Object.entries(value)) {
    const inner = fieldPlace(place, name, directives);
    if (inner) total += valueCost(item, inner, directives);
  }
  return total;
}
