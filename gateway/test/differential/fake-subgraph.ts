import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLFormattedError,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  validate,
} from 'graphql';
import { chance, pick } from './random.ts';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@external", "@inaccessible", "@interfaceObject", "@key", "@override", "@provides", "@requires", "@shareable"])\n`;

/** How often what happens. */
const RATE = { null: 0.1, missing: 0.02, error: 0.04, lostEntity: 0.08, outage: 0.04 };
/** The same when nothing goes wrong. */
export const NO_FAULTS: typeof RATE = { null: 0.1, missing: 0, error: 0, lostEntity: 0, outage: 0 };
/** Entities of a type. */
const ENTITIES = 4;

/** Finds the field in the message of a resolver's error. */
export const FAILED_FIELD = /\.(\w+)(?:\([^)]*\))? failed$/;

/** An object of the fake data. */
interface FakeObject {
  __typename: string;
  /** Entities with the same are the same, in every subgraph. */
  identity: string;
  /** What was sent of an entity; its values count. */
  sent?: Readonly<Record<string, unknown>>;
}

/** What a subgraph answers, as JSON has it. */
export interface FakeAnswer {
  data?: Record<string, unknown> | null;
  errors?: GraphQLFormattedError[];
}

/** A subgraph's SDL, as composition takes it. */
export const withLink = (sdl: string): string => (sdl.includes('@link(') ? sdl : LINK + sdl);

/** Answers a subgraph's requests with data that depends on a seed and on what is asked, and on nothing else. */
export class FakeSubgraph {
  readonly name: string;
  readonly #schema: GraphQLSchema;
  readonly #rate: typeof RATE;

  constructor(name: string, sdl: string, rate = RATE) {
    this.name = name;
    this.#rate = rate;
    const typeDefs = parse(withLink(sdl));
    const entities = Object.values(buildSubgraphSchema({ typeDefs }).getTypeMap()).filter(isEntity);
    const resolveReference = (sent: Record<string, unknown>, { seed }: { seed: number }) =>
      this.#recall(sent, seed);
    const resolvers = Object.fromEntries(
      entities.map((type) => [type.name, { __resolveReference: resolveReference }]),
    );
    this.#schema = buildSubgraphSchema({ typeDefs, resolvers });
  }

  /** @throws GraphQLError when a query is not one for this subgraph */
  check(query: string): void {
    const [error] = validate(this.#schema, parse(query));
    if (error) throw error;
  }

  /** @throws Error when the subgraph is down in this case */
  async answer(query: string, variables: Record<string, unknown>, seed: number): Promise<FakeAnswer> {
    if (chance(seed, this.name, 'outage') < this.#rate.outage) throw new GraphQLError(`${this.name} is down`);
    const result = await execute({
      schema: this.#schema,
      document: parse(query),
      variableValues: variables,
      contextValue: { seed },
      fieldResolver: this.#resolve,
      typeResolver: (value: FakeObject) => value.__typename,
    });
    return JSON.parse(JSON.stringify(result));
  }

  #recall(sent: Record<string, unknown>, seed: number): FakeObject | null {
    const identity = this.#identityIn(sent);
    if (identity === undefined) throw new GraphQLError(`no key in ${JSON.stringify(sent)}`);
    if (chance(seed, this.name, identity, 'lost') < this.#rate.lostEntity) return null;
    const type = this.#schema.getType(String(sent.__typename));
    const __typename = isInterfaceType(type) ? this.#concrete(type, identity) : String(sent.__typename);
    return { __typename, identity, sent };
  }

  readonly #resolve: GraphQLFieldResolver<FakeObject | undefined, { seed: number }> = (
    source,
    args,
    { seed },
    { fieldName, parentType, returnType },
  ) => {
    const sent = source?.sent?.[fieldName];
    if (sent !== undefined && Object.keys(args).length === 0) return this.#asSource(sent, returnType);
    const identity = source?.identity ?? parentType.name;
    const field = Object.keys(args).length === 0 ? fieldName : `${fieldName}(${JSON.stringify(args)})`;
    const place = `${identity}.${field}`;
    if (isKey(parentType, fieldName) && isLeafType(getNamedType(returnType))) return place;
    if (parentType.name !== 'Query' || chance(seed, place, 'root') < 0.3) {
      if (chance(seed, place, 'error') < this.#rate.error) {
        throw new GraphQLError(`${place} failed`, { extensions: { code: 'FAKE' } });
      }
    }
    const required = Object.entries(source?.sent ?? {}).filter(
      ([name]) => name !== '__typename' && !isKey(parentType, name),
    );
    const value = this.#value(returnType, place, seed);
    return required.length > 0 && typeof value === 'string' ? `${value} of ${inOrder(required)}` : value;
  };

  #value(type: GraphQLOutputType, place: string, seed: number): unknown {
    if (isNonNullType(type)) {
      return chance(seed, place, 'missing') < this.#rate.missing
        ? null
        : this.#some(type.ofType, place, seed);
    }
    return chance(seed, place, 'null') < this.#rate.null ? null : this.#some(type, place, seed);
  }

  #some(type: GraphQLOutputType, place: string, seed: number): unknown {
    if (isListType(type)) {
      const length = Math.floor(chance(seed, place, 'length') * 4);
      return Array.from({ length }, (_, index) => this.#value(type.ofType, `${place}[${index}]`, seed));
    }
    if (isNonNullType(type)) return this.#some(type.ofType, place, seed);
    if (isEnumType(type)) return pick(type.getValues(), seed, place, 'enum').name;
    if (isObjectType(type) || isAbstractType(type)) return this.#object(type, place, seed);
    const number = Math.floor(chance(seed, place, 'number') * 5);
    switch (type.name) {
      case 'Int':
        return number;
      case 'Float':
        return number / 2;
      case 'Boolean':
        return number > 2;
      case 'String':
      case 'ID':
        return number === 0 ? '' : `${place} "quoted" \u00e9\u{1f600}\n`;
      default:
        return pick(
          [0, false, '', 'text', { a: [1, null] }, [], [{ b: '__proto__' }]],
          seed,
          place,
          'scalar',
        );
    }
  }

  #object(type: GraphQLNamedType, place: string, seed: number): FakeObject {
    const number = Math.floor(chance(seed, place, 'entity') * ENTITIES);
    if (isInterfaceType(type) && isEntity(type)) {
      const identity = `${type.name}#${number}`;
      return { __typename: this.#concrete(type, identity), identity };
    }
    const concrete = isAbstractType(type)
      ? pick(this.#schema.getPossibleTypes(type), seed, place, 'type')
      : type;
    const identity = isEntity(concrete) ? `${concrete.name}#${number}` : place;
    return { __typename: concrete.name, identity };
  }

  /** The same type for one entity, in each subgraph that knows it. */
  #concrete(type: GraphQLNamedType, identity: string): string {
    if (!isAbstractType(type)) return type.name;
    const names = this.#schema.getPossibleTypes(type).map(({ name }) => name);
    return pick(names.toSorted(), identity, 'type');
  }

  /** Every key tells the identity of its entity. */
  #identityIn(sent: Readonly<Record<string, unknown>>): string | undefined {
    const type = this.#schema.getType(String(sent.__typename));
    const names = [type?.name, ...(isObjectType(type) ? type.getInterfaces() : []).map(({ name }) => name)];
    return Object.values(sent)
      .filter((value) => typeof value === 'string')
      .map((value) => /^\w+#\d+/.exec(value)?.[0])
      .find((identity) => identity !== undefined && names.includes(identity.replace(/#.*/, '')));
  }

  /** What was sent, for resolvers to read on from. */
  #asSource(sent: unknown, type: GraphQLOutputType): unknown {
    if (Array.isArray(sent)) return sent.map((item) => this.#asSource(item, type));
    if (typeof sent !== 'object' || sent === null) return sent;
    const __typename = getNamedType(type).name;
    return { __typename, identity: this.#identityIn({ __typename, ...sent }) ?? '', sent };
  }
}

/** JSON of what was sent, whose order means nothing. */
const inOrder = (sent: readonly (readonly [string, unknown])[]): string =>
  JSON.stringify(byName(sent), (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(byName(Object.entries(value)))
      : value,
  );

const byName = <Entry extends readonly [string, unknown]>(entries: readonly Entry[]): Entry[] =>
  entries.toSorted(([one], [other]) => (one < other ? -1 : 1));

/** Whether a field is in a key of the type. */
const isKey = (type: GraphQLNamedType, field: string): boolean =>
  keysOf(type).some(({ arguments: args = [] }) =>
    args.some(({ value }) => value.kind === Kind.STRING && value.value.split(/\W+/).includes(field)),
  );

const keysOf = ({ astNode }: GraphQLNamedType) =>
  (astNode?.directives ?? []).filter(({ name }) => name.value === 'key');

const isEntity = (type: GraphQLNamedType): type is GraphQLObjectType | GraphQLInterfaceType =>
  (isObjectType(type) || isInterfaceType(type)) && keysOf(type).length > 0;
