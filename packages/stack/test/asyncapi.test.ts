import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { asyncApiDocument, type EventCatalogue, toCloudEvent } from '@tributary/domain-events';
import { Ajv } from 'ajv';
import { loadSubgraph, subgraphNames } from '../src/parts/subgraphs.ts';

interface JsonSchema {
  type?: string | string[];
  format?: string;
  pattern?: string;
  enum?: unknown[];
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
}
interface Document {
  channels: Record<string, { address: string }>;
  components: {
    schemas: Record<string, object>;
    messages: Record<string, { payload: { allOf: [unknown, { properties: { data: JsonSchema } }] } }>;
  };
}

const load = createRequire(import.meta.url);
const officialSchema = load('@asyncapi/specs/schemas/3.0.0-without-$id.json') as object;
// One after the other: Jest does not load one module for two at once.
const catalogues: EventCatalogue[] = [];
for (const name of subgraphNames()) {
  const { eventCatalogue } = await loadSubgraph(name);
  if (eventCatalogue) catalogues.push(eventCatalogue);
}
const document = asyncApiDocument(catalogues) as Document;
const dataOf = Object.entries(document.components.messages).map(
  ([name, { payload }]) => [name, payload.allOf[1].properties.data] as const,
);

/** Every property inside of a schema, with its path. */
function propertiesOf(schema: JsonSchema, path = ''): [string, JsonSchema][] {
  const inner = Object.entries(schema.properties ?? {}).flatMap(
    ([name, property]): [string, JsonSchema][] => [
      [`${path}${name}`, property],
      ...propertiesOf(property, `${path}${name}.`),
    ],
  );
  const others = [schema.items, ...(schema.anyOf ?? [])].filter((one) => one !== undefined);
  return [
    ...inner,
    ...others.flatMap((one): [string, JsonSchema][] => [[path, one], ...propertiesOf(one, path)]),
  ];
}

it('the document is one that AsyncAPI’s own schema takes', () => {
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(officialSchema);
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
  expect(validate({ ...document, channels: { wrong: { address: 1 } } })).toBe(false);
});

it('has a channel for each event of each service', () => {
  expect(Object.values(document.channels).map(({ address }) => address)).toEqual(
    catalogues.flatMap(({ events }) => Object.keys(events).map((type) => `com.tributary.${type}`)),
  );
  expect(catalogues.map(({ service }) => service)).toEqual(['orders', 'products', 'users']);
});

it('describes events as they are sent', () => {
  const userId = '0b6f4ac0-6d5e-7c1b-9a52-1f9a2f6f5a10';
  const row = {
    id: '7',
    eventId: '9d2b6c9e-8f33-4c83-9c0a-0a6b7c8d9e0f',
    type: 'user.role-changed.v1',
    entity: 'user',
    entityId: userId,
    data: { userId, from: 'CUSTOMER', to: 'STAFF' },
    traceparent: null,
    at: new Date(),
  };
  const event = toCloudEvent('users', row, 'ca');
  const validate = new Ajv({ strict: false, validateFormats: false }).compile({
    ...document.components.messages.UserRoleChangedV1?.payload,
    components: { schemas: document.components.schemas },
  });
  expect([validate(event), validate.errors]).toEqual([true, null]);
  expect(validate({ ...event, data: { ...(event.data as object), since: 'later' }, more: 1 })).toBe(true);
  expect(validate({ ...event, data: { userId, from: 'CUSTOMER', to: 'KING' } })).toBe(false);
  expect(validate({ ...event, dataregion: 1 })).toBe(false);
  expect(validate({ ...event, partitionkey: `order:${userId}` })).toBe(false);
});

describe.each(dataOf)('%s', (_name, data) => {
  it('carries ids and facts, and nothing that a person wrote or that tells who they are', () => {
    const personal =
      /name|mail|phone|address|street|city|postal|recipient|birth|note|comment|reason|text|^ip$|title/i;
    const properties = propertiesOf(data);
    expect(properties.map(([path]) => path).filter((path) => personal.test(path))).toEqual([]);
    // A string of which nothing is known could be anything.
    const free = properties.filter(
      ([, { type, format, pattern, enum: values }]) =>
        [type].flat().includes('string') && !format && !pattern && !values,
    );
    expect(free).toEqual([]);
    expect(properties.length).toBeGreaterThan(0);
  });
});
