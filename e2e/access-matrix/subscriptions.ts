import { openSubscriber } from '@tributary/testing';
import { type GraphQLField, type GraphQLSchema, getNamedType, isLeafType, isObjectType } from 'graphql';
import type { Graph } from '../support/start-graph.ts';
import { type Cells, cellsOf } from './matrix.ts';
import { newOrder } from './mutation-cases.ts';
import { UNREACHABLE, wordsOf } from './reads.ts';
import type { Shop } from './shop.ts';
import { objectTypesOf, SUBGRAPH_SCHEMAS } from './subgraph-schemas.ts';
import { subgraphHeaders, userIdOf, VIEWERS, type ViewerName } from './viewers.ts';

/** Makes something that can be told of at once, and the arguments to be told of it. */
type SubscriptionCase = (graph: Graph, shop: Shop, viewer: ViewerName) => Promise<string>;

/** By the field's name; on what belongs to the owner, or on what is the viewer's own. */
const CASES: Record<string, SubscriptionCase> = {
  orderStatusChanged: async (_, { order }) => `(orderId: "${order.id}")`,
  async viewerOrdersChanged(graph, _, viewer) {
    const userId = userIdOf(viewer);
    if (userId !== null) await newOrder(graph, userId);
    return '';
  },
  stockChanged: async (_, { product }) => `(variantIds: ["${product.variant}"])`,
};

/**
 * Subscribes to every field as each viewer, at the subgraph that has it, and looks at the first event.
 *
 * @returns what each viewer gets, by field and by what its event has
 * @throws Error naming a field that there is no case for
 */
export async function trySubscriptions(
  graph: Graph,
  schema: GraphQLSchema,
  shop: Shop,
): Promise<Map<string, Cells>> {
  const rows = new Map<string, Cells>();
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
    const outcomes: ReadonlyMap<string, string>[] = [];
    for (const viewer of VIEWERS) outcomes.push(await trySubscription(graph, field, shop, viewer));
    for (const name of ['', ...eventFieldsOf(field).map((part) => part.name)]) {
      rows.set(
        `Subscription.${field.name}${name && `.${name}`}`,
        cellsOf((index) => outcomes[index]?.get(name) ?? UNREACHABLE),
      );
    }
  }
  return rows;
}

/** @returns a word for each field of the event, and one by the name of '' for the whole */
async function trySubscription(
  graph: Graph,
  field: GraphQLField<unknown, unknown>,
  shop: Shop,
  viewer: ViewerName,
): Promise<ReadonlyMap<string, string>> {
  const makeCase = CASES[field.name];
  if (!makeCase) throw new Error(`Subscription.${field.name} has no case in subscriptions.ts`);
  const args = await makeCase(graph, shop, viewer);
  const parts = eventFieldsOf(field);
  const selection = parts.map(({ name, type }) =>
    isLeafType(getNamedType(type)) ? name : `${name} { __typename }`,
  );
  const subscriber = openSubscriber(graph.subgraphs[subgraphOf(field.name)].url, {
    headers: await subgraphHeaders(viewer),
  });
  const subscription = subscriber.subscribe<Record<string, Record<string, unknown> | null>>(
    `subscription { ${field.name}${args} { ${selection.join(' ')} } }`,
  );
  const [first] = await subscription.take(1);
  await subscriber.close();
  const event = first?.data?.[field.name] ?? null;
  const errors = first?.errors ?? [];
  const whole = event ? 'yes' : errors.map(({ extensions }) => extensions?.code).join(' ') || 'null';
  const names = parts.map(({ name }) => name);
  return new Map([['', whole], ...wordsOf(names, event, { errors }, [field.name])]);
}

function subgraphOf(field: string) {
  const owner = SUBGRAPH_SCHEMAS.find(({ document }) =>
    objectTypesOf(document).some(
      ({ name, fields }) => name.value === 'Subscription' && fields?.some((one) => one.name.value === field),
    ),
  );
  if (!owner) throw new Error(`no subgraph has Subscription.${field}`);
  return owner.subgraph;
}

function eventFieldsOf({ type }: GraphQLField<unknown, unknown>) {
  const event = getNamedType(type);
  return isObjectType(event) ? Object.values(event.getFields()) : [];
}
