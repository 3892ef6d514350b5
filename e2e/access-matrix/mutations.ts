import {
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isObjectType,
  isUnionType,
} from 'graphql';
import type { Graph } from '../support/start-graph.ts';
import { type Cells, cellsOf } from './matrix.ts';
import { MUTATION_CASES } from './mutation-cases.ts';
import { UNREACHABLE } from './reads.ts';
import type { Shop } from './shop.ts';
import { gatewayHeaders, VIEWERS, type ViewerName } from './viewers.ts';

/** What came of a mutation. */
interface Outcome {
  /** `done`, or why not. */
  whole: string;
  /** By the name of a field of the payload. */
  fields: ReadonlyMap<string, string>;
}

/**
 * Asks for every mutation as each viewer.
 *
 * @returns what each viewer gets, by mutation and by what its payload has beside `userErrors`
 * @throws Error naming a mutation that there is no case for
 */
export async function tryMutations(
  graph: Graph,
  schema: GraphQLSchema,
  shop: Shop,
): Promise<Map<string, Cells>> {
  const rows = new Map<string, Cells>();
  for (const mutation of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const outcomes: Outcome[] = [];
    for (const viewer of VIEWERS) outcomes.push(await tryMutation(graph, mutation, shop, viewer));
    rows.set(
      `Mutation.${mutation.name}`,
      cellsOf((index) => outcomes[index]?.whole ?? ''),
    );
    for (const { name } of payloadFieldsOf(mutation)) {
      if (name === 'userErrors') continue;
      rows.set(
        `Mutation.${mutation.name}.${name}`,
        cellsOf((index) => outcomes[index]?.fields.get(name) ?? UNREACHABLE),
      );
    }
  }
  return rows;
}

async function tryMutation(
  graph: Graph,
  mutation: GraphQLField<unknown, unknown>,
  shop: Shop,
  viewer: ViewerName,
): Promise<Outcome> {
  const makeInput = MUTATION_CASES[mutation.name];
  if (!makeInput) throw new Error(`Mutation.${mutation.name} has no case in mutation-cases.ts`);
  const input = await makeInput(graph, shop);
  const [argument] = mutation.args;
  const [declared, passed] = argument ? [`($input: ${argument.type})`, '(input: $input)'] : ['', ''];
  const selection = payloadFieldsOf(mutation).map(({ name, type }) => {
    const target = getNamedType(type);
    if (isLeafType(target)) return name;
    return `${name} ${isUnionType(target) ? '{ ... on UserError { code } }' : '{ __typename }'}`;
  });
  const { data, errors } = await graph.ask<Record<string, Record<string, unknown> | null> | null>(
    `mutation ${declared} { ${mutation.name}${passed} { ${selection.join(' ')} } }`,
    { variables: { input }, headers: await gatewayHeaders(graph, viewer) },
  );
  const payload = data?.[mutation.name];
  if (!payload) {
    return {
      whole: errors?.map(({ extensions }) => extensions?.code).join(' ') ?? 'null',
      fields: new Map(),
    };
  }
  const { userErrors, ...values } = payload;
  const codes = ((userErrors ?? []) as { code: string }[]).map(({ code }) => code).join(' ');
  return {
    whole: codes === '' ? 'done' : `(${codes})`,
    fields: new Map(Object.entries(values).map(([name, value]) => [name, value === null ? 'null' : 'yes'])),
  };
}

function payloadFieldsOf({ type }: GraphQLField<unknown, unknown>) {
  const payload = getNamedType(type);
  return isObjectType(payload) ? Object.values(payload.getFields()) : [];
}

/** The fields of the types that only mutations answer with, beside their payloads; whoever gets an answer gets them. */
export function fieldsOfAnswers(schema: GraphQLSchema, readable: ReadonlySet<string>): Map<string, Cells> {
  const payloads = new Set(
    [schema.getMutationType(), schema.getSubscriptionType()].flatMap((root) =>
      Object.values(root?.getFields() ?? {}).map(({ type }) => getNamedType(type).name),
    ),
  );
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].map(
    (type) => type?.name,
  );
  const types = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith('__') && !roots.includes(name))
    .filter(({ name }) => !readable.has(name) && !payloads.has(name));
  return new Map(
    types
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`))
      .map((field) => [field, cellsOf(() => 'with it')]),
  );
}
