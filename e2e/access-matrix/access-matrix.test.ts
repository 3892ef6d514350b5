import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  buildClientSchema,
  type GraphQLSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
} from 'graphql';
import { type Graph, startGraph } from '../support/start-graph.ts';
import { compareEntities } from './entities.ts';
import { readInternals } from './internals.ts';
import { cachesAreUsed, keptAnswers } from './kept-answers.ts';
import { differences, type Matrix, readMatrix, writeMatrix } from './matrix.ts';
import { fieldsOfAnswers, tryMutations } from './mutations.ts';
import { readThrough } from './reads.ts';
import { fillShop, type Shop } from './shop.ts';
import { subjectsOf } from './subjects.ts';
import { trySubscriptions } from './subscriptions.ts';
import { VIEWERS } from './viewers.ts';
import type { Subject } from './ways.ts';

let graph: Graph;
let shop: Shop;
let subjects: Subject[];
let schema: GraphQLSchema;
/** What the graph answers, a section at a time: what is read first, as mutations change it. */
const actual: Matrix = new Map();
beforeAll(async () => {
  graph = await startGraph();
  shop = await fillShop(graph);
  subjects = subjectsOf(shop);
  const { data } = await graph.ask<IntrospectionQuery>(getIntrospectionQuery());
  schema = buildClientSchema(data);
  await cachesAreUsed(graph);
  for (const subject of subjects) actual.set(subject.title, await readThrough(graph, schema, subject));
});
afterAll(() => graph?.stop());

describe('what can be read', () => {
  it('is all found by somebody', () => {
    const [main] = actual.values();
    const unseen = [...(main ?? [])].filter(([, cells]) =>
      VIEWERS.every((viewer) => cells[viewer] !== 'yes'),
    );
    expect(unseen).toEqual([]);
  });

  it('was answered from the caches as well', async () => {
    expect(await keptAnswers(graph)).toBeGreaterThan(200);
  });

  it('is the same for who asks a subgraph for entities', async () => {
    const { compared, differences: found } = await compareEntities(graph, subjects, actual);
    expect(found).toEqual([]);
    expect(compared).toBeGreaterThan(400);
  });
});

describe('every field and mutation', () => {
  it('answers each viewer as decided', async () => {
    const [main] = actual.values();
    const readable = new Set([...(main?.keys() ?? [])].map((field) => field.replace(/\..*/, '')));
    actual.set('Fields that services keep for each other', await readInternals(graph));
    actual.set(
      'Subscriptions, and what their first events hold',
      await trySubscriptions(graph, schema, shop),
    );
    actual.set('Mutations, and what their payloads hold', await tryMutations(graph, schema, shop));
    actual.set('Types that only mutations answer with', fieldsOfAnswers(schema, readable));
    if (process.env.UPDATE_MATRIX) writeMatrix(actual);
    expect(differences(actual, readMatrix())).toEqual([]);
  });
});
