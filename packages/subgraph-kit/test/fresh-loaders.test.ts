import { expect, it } from '@jest/globals';
import { graphql, parse } from 'graphql';
import { buildSchema, createRowLoader } from '../src/index.ts';

const typeDefs = parse(/* GraphQL */ `
  type Query { count: Int }
  type Mutation { add(fails: Boolean): Counter }
  type Counter { count: Int }
`);

function counter() {
  let count = 0;
  let reads = 0;
  const loaders = {
    count: createRowLoader(
      async (keys) => {
        reads += 1;
        return keys.map((key) => ({ key, count }));
      },
      ({ key }) => key,
    ),
  };
  type Context = { loaders: typeof loaders };
  const read = async (_parent: unknown, _args: unknown, context: Context) =>
    (await context.loaders.count.load('the one'))?.count;
  const schema = buildSchema(typeDefs, {
    Query: { count: read },
    Mutation: {
      add: async (parent: unknown, { fails }: { fails?: boolean }, context: Context) => {
        await read(parent, {}, context);
        count += 1;
        if (fails) throw new Error('after the change');
        return {};
      },
    },
    Counter: { count: read },
  });
  return {
    ask: async (source: string) => (await graphql({ schema, source, contextValue: { loaders } })).data,
    reads: () => reads,
  };
}

it('each of several mutations answers what is there after it', async () => {
  const { ask } = counter();
  const data = await ask('mutation { a: add { count } b: add(fails: true) { count } c: add { count } }');
  expect({ ...data }).toEqual({ a: { count: 1 }, b: null, c: { count: 3 } });
});

it('a query reads once', async () => {
  const { ask, reads } = counter();
  expect({ ...(await ask('{ a: count b: count }')) }).toEqual({ a: 0, b: 0 });
  expect(reads()).toBe(1);
});
