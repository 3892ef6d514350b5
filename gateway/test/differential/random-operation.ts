import fc, { type GeneratorValue } from 'fast-check';
import {
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  OperationTypeNode,
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

/** Makes operations for a schema: mostly valid ones, as merged fields may turn out to disagree. */
export class OperationGenerator {
  readonly #schema: GraphQLSchema;
  readonly #draw: GeneratorValue;
  readonly #definitions = new Map<string, string>();
  readonly #variables: Record<string, unknown> = {};
  readonly #fragments: string[] = [];
  #size = 0;

  constructor(schema: GraphQLSchema, draw: GeneratorValue) {
    this.#schema = schema;
    this.#draw = draw;
  }

  /** Makes one operation; a generator makes no second one. */
  generate(): RandomOperation {
    const { Mutation: mutation, Query: query } = this.#schema.getTypeMap();
    const isMutation = isObjectType(mutation) && this.#oneIn(2);
    const root = isMutation ? mutation : query;
    if (!isObjectType(root)) throw new Error('the schema has no queries');
    const selection = this.#selection(root, DEPTH);
    const definitions = [...this.#definitions].map(([name, type]) => `$${name}: ${type}`).join(', ');
    const kind = isMutation ? OperationTypeNode.MUTATION : OperationTypeNode.QUERY;
    const head = `${kind} Random${definitions && `(${definitions})`}`;
    return { query: [`${head} ${selection}`, ...this.#fragments].join('\n'), variables: this.#variables };
  }

  #selection(type: GraphQLCompositeType, depth: number): string {
    const parts: string[] = [];
    const count = this.#number(1, 4);
    for (let index = 0; index < count; index++) {
      if (this.#size++ > SIZE) break;
      const part = this.#oneIn(4) ? this.#fragment(type, depth) : this.#someField(type, depth);
      if (part) parts.push(part);
    }
    return `{ ${parts.join(' ') || '__typename'} }`;
  }

  #someField(type: GraphQLCompositeType, depth: number): string | null {
    if (isUnionType(type) || this.#oneIn(8)) return this.#oneIn(3) ? 'kind: __typename' : '__typename';
    const fields = Object.values(type.getFields()).filter(
      (field) => depth > 1 || isLeafType(getNamedType(field.type)),
    );
    if (fields.length === 0) return null;
    const field = this.#pick(fields);
    const target = getNamedType(field.type);
    const args = this.#arguments(field);
    // Different arguments under one name would not be merged.
    const name = args || this.#oneIn(6) ? `${this.#alias(field, args)}: ${field.name}` : field.name;
    const selection = isLeafType(target)
      ? ''
      : ` ${this.#selection(target as GraphQLCompositeType, depth - 1)}`;
    return `${name}${args}${this.#condition()}${selection}`;
  }

  #alias({ name }: GraphQLField<unknown, unknown>, args: string): string {
    const hash = [...`${name}${args}`].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9_973, 7);
    return `${name}_${hash}`;
  }

  #fragment(type: GraphQLCompositeType, depth: number): string | null {
    const conditions = this.#conditionsFor(type);
    const condition = this.#pick(conditions);
    const selection = this.#selection(condition, depth);
    if (this.#oneIn(3)) {
      const name = `F${this.#fragments.length}`;
      this.#fragments.push(`fragment ${name} on ${condition.name} ${selection}`);
      return `...${name}${this.#condition()}`;
    }
    const on = condition === type && this.#oneIn(2) ? '' : ` on ${condition.name}`;
    return `...${on}${this.#condition()} ${selection}`;
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
    if (this.#oneIn(2)) return this.#literal(type);
    const name = `v${this.#definitions.size}`;
    this.#definitions.set(name, String(type));
    if (isNonNullType(type) || !this.#oneIn(3)) this.#variables[name] = JSON.parse(this.#json(type));
    return `$${name}`;
  }

  #literal(type: GraphQLInputType): string {
    return this.#json(type).replaceAll(/"(\w+)":/g, '$1:');
  }

  /** A value as JSON. */
  #json(type: GraphQLInputType, depth = 2): string {
    if (!isNonNullType(type) && this.#oneIn(6)) return 'null';
    return this.#someJson(isNonNullType(type) ? type.ofType : type, depth);
  }

  #someJson(type: GraphQLInputType, depth: number): string {
    if (isListType(type)) return `[${this.#json(type.ofType, depth)}]`;
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => isNonNullType(field.type) || (depth > 0 && this.#oneIn(2)),
      );
      return `{${fields.map((field) => `"${field.name}": ${this.#json(field.type, depth - 1)}`).join(', ')}}`;
    }
    if (getNamedType(type).name === 'Boolean') return String(this.#oneIn(2));
    if (getNamedType(type).name === 'Int') return String(this.#number(0, 9));
    return JSON.stringify(`t${this.#number(0, 9)}`);
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
