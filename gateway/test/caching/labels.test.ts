import { afterEach, describe, expect, it } from '@jest/globals';
import { startFaulty } from '../support/faulty-server.ts';
import { type Definition, startFederation } from '../support/federation.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { invalidate, LINK, TOKEN } from './shelf.ts';

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

const env = { CACHE_INVALIDATION_TOKEN: TOKEN };
const files = { 'gateway.yaml': 'caching: {responses: off}\n' };

async function start(definitions: Record<string, Definition>): Promise<TestGateway> {
  const gateway = await startFederation(definitions, env, { files });
  opened.push(() => gateway.close());
  return gateway;
}

/** A resolver that counts how often it was called. */
const counted =
  <T>(count: () => void, value: T) =>
  () => {
    count();
    return value;
  };

/** Tells whether a query is answered anew after a change: its subgraphs count how often they were asked. */
async function isDropped(gateway: TestGateway, query: string, count: () => number, changed: object) {
  await gateway.query({ query });
  const before = count();
  expect(await gateway.query({ query })).toMatchObject({ status: 200 });
  expect(count()).toBe(before);
  expect((await invalidate(gateway, changed)).status).toBe(200);
  await gateway.query({ query });
  return count() > before;
}

describe('what an entry depends on', () => {
  const seat = { row: 1, show: { id: '7' }, code: 'A1', price: 9 };

  it.each([
    ['a composite key', { keys: ['Seat:{"row":1,"show":{"id":"7"}}'] }, true],
    ['another key', { keys: ['Seat:A1'] }, true],
    ['a tag of its type', { tags: ['seat-A1'] }, true],
    ['the key of another', { keys: ['Seat:A2'] }, false],
    ['a tag of another', { tags: ['seat-A2'] }, false],
  ])('is found by %s', async (_what, changed, dropped) => {
    let asked = 0;
    const note = () => void asked++;
    const gateway = await start({
      hall: [
        `${LINK}
        type Query { seats: [Seat] @cacheControl(maxAge: 60) }
        type Seat @key(fields: "show { id } row") @key(fields: "code") @cacheTag(format: "seat-{$key.code}")
          @cacheControl(maxAge: 60) { row: Int! show: Show! code: ID! price: Int }
        type Show @cacheControl(maxAge: 60) { id: ID! }`,
        { Query: { seats: counted(note, [seat]) } },
      ],
    });
    expect(await isDropped(gateway, '{ seats { price } }', () => asked, changed)).toBe(dropped);
  });

  it('is found where the entity stands for an interface or in a union', async () => {
    let asked = 0;
    const note = () => void asked++;
    const gateway = await start({
      zoo: [
        `${LINK}
        type Query { animals: [Animal] @cacheControl(maxAge: 60) all: [Any] @cacheControl(maxAge: 60) }
        interface Animal { legs: Int }
        union Any = Cat | Ant
        type Cat implements Animal @key(fields: "id") @cacheControl(maxAge: 60) { id: ID! legs: Int }
        type Ant implements Animal @key(fields: "id") @cacheControl(maxAge: 60) { id: Int! legs: Int }`,
        {
          Query: {
            animals: counted(note, [
              { __typename: 'Cat', id: 'c', legs: 4 },
              { __typename: 'Ant', id: 6, legs: 6 },
            ]),
            all: counted(note, [{ __typename: 'Ant', id: 6, legs: 6 }]),
          },
        },
      ],
    });
    const count = () => asked;
    const animals = '{ animals { legs } }';
    expect(await isDropped(gateway, animals, count, { keys: ['Cat:c'] })).toBe(true);
    expect(await isDropped(gateway, animals, count, { keys: ['Ant:6'] })).toBe(true);
    expect(await isDropped(gateway, animals, count, { keys: ['Ant:c'] })).toBe(false);
    expect(await isDropped(gateway, '{ all { ... on Ant { legs } } }', count, { keys: ['Ant:6'] })).toBe(
      true,
    );
  });

  it.each([
    ['its type', { keys: ['Film:1'] }],
    ['its interface', { keys: ['Media:1'] }],
  ])('is found in a subgraph with an interface object by %s', async (_what, changed) => {
    let asked = 0;
    const gateway = await start({
      media: [
        `${LINK}
        type Query { film: Film @cacheControl(maxAge: 60) }
        interface Media @key(fields: "id") { id: ID! }
        type Film implements Media @key(fields: "id") @cacheControl(maxAge: 60) { id: ID! }`,
        { Query: { film: () => ({ id: '1' }) } },
      ],
      prices: [
        `${LINK}
        type Media @key(fields: "id") @interfaceObject @cacheControl(maxAge: 60) { id: ID! price: Int }`,
        {
          Media: { __resolveReference: ({ id }: { id: string }) => ({ id }), price: () => ++asked },
        } as Definition[1],
      ],
    });
    expect(await isDropped(gateway, '{ film { price } }', () => asked, changed)).toBe(true);
  });

  it('is what the subgraph says with its answer', async () => {
    let asked = 0;
    const subgraph = await startFaulty((_request, response) => {
      asked += 1;
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'max-age=60, public' });
      response.end(
        JSON.stringify({ data: { news: 'none' }, extensions: { apolloCacheTags: ['front-page'] } }),
      );
    });
    opened.push(() => subgraph.stop());
    const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9") type Query { news: String }`;
    const gateway = await startTestGateway([{ name: 'press', url: subgraph.url, sdl }], env, { files });
    opened.push(() => gateway.close());
    const count = () => asked;
    expect(await isDropped(gateway, '{ news }', count, { tags: ['back-page'] })).toBe(false);
    expect(await isDropped(gateway, '{ news }', count, { tags: ['front-page'] })).toBe(true);
  });
});
