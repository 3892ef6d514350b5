import fc, { type GeneratorValue } from 'fast-check';
import {
  astFromValue,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  OperationTypeNode,
  print,
} from 'graphql';

/** An operation that a client could send. */
export interface RandomOperation {
  query: string;
  variables: Record<string, unknown>;
}

/** How far down selections go. */
const DEPTH = 5;
/** Most selections of an operation. */
const SIZE = 40;

/** The alias is no field of any schema: Apollo's executor would take it for one that `@requires` needs. */
const TYPE_NAME = 'typename_0: __typename';

/** Makes operations for a schema: mostly valid ones, as merged fields may turn out to disagree. */
export class OperationGenerator {
  readonly #schema: GraphQLSchema;
  readonly #draw: GeneratorValue;
  readonly #definitions = new Map<string, string>();
  readonly #variables: Record<string, unknown> = {};
  readonly #fragments: string[] = [];
  readonly #defers: boolean;
  #size = 0;
  #labels = 0;

  /** @param defers - whether fragments may have `@defer` */
  constructor(schema: GraphQLSchema, draw: GeneratorValue, defers = false) {
    this.#schema = schema;
    this.#draw = draw;
    this.#defers = defers;
  }

  /** Makes one operation; a generator makes no second one. */
  generate(): RandomOperation {
    const { Mutation: mutation, Query: query } = this.#schema.getTypeMap();
    const isMutation = isObjectType(mutation) && this.#oneIn(2);
    const root = isMutation ? mutation : query;
    if (!isObjectType(root)) throw new Error('the schema has no queries');
    const selection = this.#selection(root, DEPTH, true);
    const definitions = [...this.#definitions].map(([name, type]) => `$${name}: ${type}`).join(', ');
    const kind = isMutation ? OperationTypeNode.MUTATION : OperationTypeNode.QUERY;
    const head = `${kind} Random${definitions && `(${definitions})`}`;
    return { query: [`${head} ${selection}`, ...this.#fragments].join('\n'), variables: this.#variables };
  }

  /** @param isKnown - whether the objects are of a type that the field says, and not of one among several */
  #selection(type: GraphQLCompositeType, depth: number, isKnown: boolean): string {
    // An object without fields is not fetched when it is deferred.
    const parts: string[] = this.#defers ? ['__typename'] : [];
    const count = this.#number(1, 4);
    for (let index = 0; index < count; index++) {
      if (this.#size++ > SIZE) break;
      const part = this.#oneIn(4) ? this.#fragment(type, depth, isKnown) : this.#someField(type, depth);
      if (part) parts.push(part);
    }
    return `{ ${parts.join(' ') || '__typename'} }`;
  }

  #someField(type: GraphQLCompositeType, depth: number): string | null {
    if (isUnionType(type) || this.#oneIn(8)) return this.#oneIn(3) ? TYPE_NAME : '__typename';
    const fields = Object.values(type.getFields()).filter(
      (field) => depth > 1 || isLeafType(getNamedType(field.type)),
    );
    if (fields.length === 0) return null;
    const field = this.#pick(fields);
    const target = getNamedType(field.type);
    const args = this.#arguments(field);
    // Different arguments under one name would not be merged, and are where Apollo's planner goes wrong.
    const name =
      field.args.length > 0 || this.#oneIn(6) ? `${this.#alias(field, args)}: ${field.name}` : field.name;
    const selection = isLeafType(target)
      ? ''
      : ` ${this.#selection(target as GraphQLCompositeType, depth - 1, isObjectType(target))}`;
    return `${name}${args}${this.#condition()}${selection}`;
  }

  #alias({ name }: GraphQLField<unknown, unknown>, args: string): string {
    const hash = [...`${name}${args}`].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9_973, 7);
    return `${name}_${hash}`;
  }

  #fragment(type: GraphQLCompositeType, depth: number, isKnown: boolean): string | null {
    // Where the type is known it is not fetched, and Apollo's executor finds no way back to it from an interface.
    const conditions = isKnown && isAbstractType(type) ? [type] : this.#conditionsFor(type);
    const condition = this.#pick(conditions);
    const selection = this.#selection(condition, depth, isKnown);
    if (this.#oneIn(3)) {
      const name = `F${this.#fragments.length}`;
      this.#fragments.push(`fragment ${name} on ${condition.name} ${selection}`);
      const times = this.#defers && this.#oneIn(4) ? 2 : 1;
      return Array.from({ length: times }, () => `...${name}${this.#condition()}${this.#defer(type)}`).join(
        ' ',
      );
    }
    const on = condition === type && this.#oneIn(2) ? '' : ` on ${condition.name}`;
    return `...${on}${this.#condition()}${this.#defer(type)} ${selection}`;
  }

  #defer({ name }: GraphQLCompositeType): string {
    if (!this.#defers || name === 'Mutation' || this.#oneIn(3)) return '';
    const label = this.#oneIn(2) ? `label: "${this.#labels++}" ` : '';
    const condition = this.#oneIn(4) ? `if: ${this.#oneIn(4) ? 'true' : `$${this.#booleanVariable()}`}` : '';
    return label || condition ? ` @defer(${label}${condition})` : ' @defer';
  }

  /** Types that an object of a type may be of as well. */
  #conditionsFor(type: GraphQLCompositeType): GraphQLCompositeType[] {
    const possible = new Set(isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [type]);
    const abstract = Object.values(this.#schema.getTypeMap()).filter(
      (other) =>
        isAbstractType(other) && this.#schema.getPossibleTypes(other).some((one) => possible.has(one)),
    );
    return [type, ...possible, ...(abstract as GraphQLCompositeType[])];
  }

  #condition(): string {
    if (!this.#oneIn(8)) return '';
    const value = this.#oneIn(2) ? String(this.#oneIn(2)) : `$${this.#booleanVariable()}`;
    return ` @${this.#oneIn(2) ? 'skip' : 'include'}(if: ${value})`;
  }

  #booleanVariable(): string {
    const name = `if${this.#number(0, 2)}`;
    if (this.#definitions.has(name)) return name;
    const hasDefault = this.#oneIn(2);
    this.#definitions.set(name, hasDefault ? `Boolean! = ${this.#oneIn(2)}` : 'Boolean!');
    if (!hasDefault || this.#oneIn(2)) this.#variables[name] = this.#oneIn(2);
    return name;
  }

  #arguments({ args }: GraphQLField<unknown, unknown>): string {
    const given = args.flatMap((argument) => {
      if (!isNonNullType(argument.type) && this.#oneIn(3)) return [];
      return [`${argument.name}: ${this.#argument(argument)}`];
    });
    return given.length > 0 ? `(${given.join(', ')})` : '';
  }

  #argument({ type }: GraphQLArgument): string {
    const value = this.#value(type);
    const literal = astFromValue(value, type);
    if (literal && this.#oneIn(2)) return print(literal);
    const name = `v${this.#definitions.size}`;
    this.#definitions.set(name, String(type));
    if (isNonNullType(type) || !this.#oneIn(3)) this.#variables[name] = value;
    return `$${name}`;
  }

  /** A value as clients send it in variables. */
  #value(type: GraphQLInputType, depth = 2): unknown {
    if (isNonNullType(type)) return this.#some(type.ofType, depth);
    return this.#oneIn(6) ? null : this.#some(type, depth);
  }

  #some(type: GraphQLInputType, depth: number): unknown {
    if (isListType(type)) return [this.#value(type.ofType, depth)];
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => isNonNullType(field.type) || (depth > 0 && this.#oneIn(2)),
      );
      return Object.fromEntries(fields.map((field) => [field.name, this.#value(field.type, depth - 1)]));
    }
    if (isEnumType(type)) return this.#pick(type.getValues()).name;
    if (getNamedType(type).name === 'Boolean') return this.#oneIn(2);
    if (getNamedType(type).name === 'Int') return this.#number(0, 9);
    return `t${this.#number(0, 9)}`;
  }

  #oneIn(count: number): boolean {
    return this.#number(1, count) === 1;
  }

  #number(min: number, max: number): number {
    return this.#draw(fc.integer, { min, max });
  }

  #pick<Item>(items: readonly Item[]): Item {
    const item = items[this.#number(0, items.length - 1)];
    if (item === undefined) throw new Error('there is nothing to pick from');
    return item;
  }
}
