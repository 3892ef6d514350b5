import {
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLOutputType,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import type { AnswerSource } from '../execution/operation-run.ts';
import { isObject, type JsonObject } from '../execution/plan/objects.ts';
import { type Getter, getterOf } from '../execution/plan/property.ts';
import { collectFields } from '../execution/response/selections.ts';
import type { CostDirectives } from './cost-directives.ts';
import { fieldWeight, OPERATION_COST } from './estimate.ts';
import { argumentsCost } from './input-cost.ts';
import { evaluate, type Occasion, type Part } from './part.ts';

/** Adds up what a value cost. */
type Count = (value: unknown, occasion: Occasion) => number;

interface CountedField {
  get: Getter;
  count: Count;
  arguments: Part;
}

/**
 * Compiles what an operation did cost, from what came of it: each object that is there costs what an estimate takes for
 * it. Fields that cost nothing are not looked at.
 */
export function compileActualCost(
  source: AnswerSource,
  directives: CostDirectives,
): (data: JsonObject, occasion: Occasion) => number {
  const { operation, root } = source;
  const fields = new ActualCostCompiler(source, directives).fieldsOf(root, [operation.selectionSet]);
  const base = OPERATION_COST[operation.operation];
  return (data, occasion) => base + fieldsCost(fields, data, occasion);
}

function fieldsCost(fields: readonly CountedField[], object: JsonObject, occasion: Occasion): number {
  let total = 0;
  for (const { get, count, arguments: given } of fields)
    total += count(get(object), occasion) + evaluate(given, occasion);
  return total;
}

class ActualCostCompiler {
  readonly #source: AnswerSource;
  readonly #directives: CostDirectives;

  constructor(source: AnswerSource, directives: CostDirectives) {
    this.#source = source;
    this.#directives = directives;
  }

  /** What is counted of the fields of an object, those that are deferred included. */
  fieldsOf(type: GraphQLNamedType, selectionSets: readonly SelectionSetNode[]): CountedField[] {
    const { now, later } = collectFields(this.#source.selections, type, selectionSets);
    return [
      ...[...now.values()].flatMap((nodes) => this.#field(type, nodes) ?? []),
      ...later.flatMap((fragment) => this.fieldsOf(fragment.type, [fragment.selectionSet])),
    ];
  }

  /** @returns undefined for a field that costs nothing */
  #field(parent: GraphQLNamedType, nodes: readonly FieldNode[]): CountedField | undefined {
    const [node] = nodes;
    const name = node?.name.value ?? '';
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    if (!node || !field) return undefined;
    const coordinate = `${parent.name}.${name}`;
    const given = argumentsCost(node, field, coordinate, this.#directives);
    const weight = fieldWeight(coordinate, getNamedType(field.type), this.#directives);
    if (weight === 0 && given === 0 && isLeafType(getNamedType(field.type))) return undefined;
    const inside = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const count = isCompositeType(getNamedType(field.type))
      ? this.#objects(field.type, weight, inside)
      : countOfLeaves(weight);
    return { get: getterOf(this.#source.names.of(node)), count, arguments: given };
  }

  /** Fields are those of the type that an object says it is of; it says nothing where it can be of one only. */
  #objects(declared: GraphQLOutputType, weight: number, selectionSets: readonly SelectionSetNode[]): Count {
    const { schema } = this.#source.selections;
    const byType = new Map<unknown, readonly CountedField[]>();
    const fieldsFor = (typename: unknown): readonly CountedField[] => {
      const type = typename === undefined ? getNamedType(declared) : schema.getType(String(typename));
      return type && isCompositeType(type) ? this.fieldsOf(type, selectionSets) : [];
    };
    const count: Count = (value, occasion) => {
      if (Array.isArray(value)) {
        let total = 0;
        for (const item of value) total += count(item, occasion);
        return total;
      }
      if (!isObject(value)) return 0;
      const typename = value.__typename ?? undefined;
      let fields = byType.get(typename);
      if (!fields) {
        fields = fieldsFor(typename);
        byType.set(typename, fields);
      }
      return weight + fieldsCost(fields, value, occasion);
    };
    return count;
  }
}

const countOfLeaves = (weight: number): Count => {
  const count: Count = (value, occasion) => {
    if (value === null || value === undefined) return 0;
    if (!Array.isArray(value)) return weight;
    let total = 0;
    for (const item of value) total += count(item, occasion);
    return total;
  };
  return count;
};
