import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '@tributary/platform';
import { executableSdl } from '../src/supergraph/executable-supergraph.ts';
import { ask, type Definition, startFederation } from './support/federation.ts';
import type { TestGateway } from './support/gateway.ts';

const opened: TestGateway[] = [];
afterEach(async () => {
  for (const gateway of opened.splice(0)) await gateway.close();
});

async function start(definitions: Record<string, Definition>): Promise<TestGateway> {
  const gateway = await startFederation(definitions);
  opened.push(gateway);
  return gateway;
}

const federation = (version: string, ...directives: string[]): string =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/${version}", import: [
    ${directives.map((name) => `"@${name}"`).join(' ')}])`;

const resolvers: Definition[1] = { Query: { bench: () => ({ id: '1', wood: 'oak' }) } };

describe('a supergraph that says more than what to fetch', () => {
  it.each([
    [
      'how caches are cleared',
      `${federation('v2.12', 'key', 'cacheTag')}
      type Query { bench: Bench @cacheTag(format: "bench") }
      type Bench @key(fields: "id") @cacheTag(format: "bench-{$key.id}") { id: ID! wood: String }`,
    ],
    [
      'what fields cost',
      `${federation('v2.9', 'key', 'cost', 'listSize')}
      type Query { bench: Bench @cost(weight: 3) benches: [Bench] @listSize(assumedSize: 10) }
      type Bench @key(fields: "id") { id: ID! wood: String }`,
    ],
    [
      'tags, and directives of somebody’s own',
      `${federation('v2.3', 'key', 'tag', 'composeDirective')}
      @link(url: "https://specs.example/owner/v1.0", import: ["@owner"]) @composeDirective(name: "@owner")
      directive @owner(team: String) on FIELD_DEFINITION
      type Query { bench: Bench @tag(name: "outside") }
      type Bench @key(fields: "id") { id: ID! wood: String @owner(team: "parks") }`,
    ],
  ])('is served: %s', async (_what, sdl) => {
    const gateway = await start({ parks: [sdl, resolvers] });
    expect(await ask(gateway, { query: '{ bench { id wood } }' })).toEqual({
      data: { bench: { id: '1', wood: 'oak' } },
    });
    const query = '{ __schema { directives { name } } }';
    const { data } = await ask(gateway, { query });
    expect(data).not.toMatchObject({
      __schema: { directives: expect.arrayContaining([{ name: 'owner' }]) },
    });
  });

  it('is served where nobody is authenticated, with a warning and without what is for those who are', async () => {
    const logger = createLogger({ name: 'gateway', LOG_LEVEL: 'silent', NODE_ENV: 'test' });
    const warn = jest.spyOn(logger, 'warn');
    const sdl = `${federation('v2.9', 'authenticated')}
      type Query { bench: Bench } type Bench { id: ID! wood: String @authenticated }`;
    const gateway = await startFederation({ parks: [sdl, resolvers] }, {}, { logger });
    opened.push(gateway);
    expect((await ask(gateway, { query: '{ bench { id wood } }' })).data).toEqual({
      bench: { id: '1', wood: null },
    });
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(/^AUTH_ISSUER is not set/));
  });

  it('is refused where nobody would enforce a version of a directive', () => {
    const sdl = `schema
      @link(url: "https://specs.apollo.dev/link/v1.0")
      @link(url: "https://specs.apollo.dev/authenticated/v0.2", for: SECURITY)
    { query: Query }
    type Query { a: Int @authenticated }`;
    expect(() => executableSdl(sdl, { policies: true })).toThrow(
      '@authenticated is not enforced by this gateway in the version of https://specs.apollo.dev/authenticated/v0.2',
    );
  });

  it.each([
    ['https://specs.apollo.dev/connect/v0.2', 'EXECUTION', 'Connectors are for Apollo Router'],
    ['https://specs.apollo.dev/connect/v0.1', undefined, 'Connectors are for Apollo Router'],
    ['https://specs.apollo.dev/source/v0.1', 'EXECUTION', 'Sources are for Apollo Router'],
    ['https://specs.apollo.dev/tag/v9.0', 'EXECUTION', 'for EXECUTION, which is not served here'],
    ['https://specs.example/vault/v1.0', 'SECURITY', 'for SECURITY, which is not served here'],
  ])('is refused by its name where nobody serves it: %s for %s', (url, purpose, message) => {
    const sdl = `schema
      @link(url: "https://specs.apollo.dev/link/v1.0")
      @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
      @link(url: "${url}"${purpose ? `, for: ${purpose}` : ''})
    { query: Query }
    type Query { a: Int }`;
    const load = () => executableSdl(sdl, { policies: false });
    expect(load).toThrow(`it uses ${url}`);
    expect(load).toThrow(message);
  });

  it('is left alone where it has no purpose and nobody knows it', () => {
    const sdl = `schema
      @link(url: "https://specs.apollo.dev/link/v1.0")
      @link(url: "https://specs.example/paint/v1.0")
    { query: Query }
    type Query { a: Int }`;
    expect(executableSdl(sdl, { policies: false })).toBe(sdl);
  });
});

describe('a directive for operations that subgraphs compose', () => {
  const shout = (definition: string, field: string): string =>
    `${federation('v2.3', 'composeDirective')}
    @link(url: "https://specs.example/shout/v1.0", import: [{ name: "@shout", as: "@loud" }])
    @composeDirective(name: "@loud")
    directive @loud(${definition}) on FIELD
    enum Voice { HIGH LOW }
    type Query { ${field}: String }`;

  const echo = (field: string): Definition[1] => ({
    Query: {
      [field]: (_source: unknown, _args: unknown, _context: unknown, info?: unknown) =>
        loudness(info as FieldInfo),
    },
  });

  it('is for clients to use, with defaults that not every subgraph has', async () => {
    const gateway = await start({
      hall: [shout('voice: Voice! times: Int', 'hall'), echo('hall')],
      yard: [shout('voice: Voice! = LOW times: Int', 'yard'), echo('yard')],
    });
    expect(await ask(gateway, { query: '{ hall @loud yard @loud(times: 5) quiet: yard }' })).toEqual({
      data: { hall: '@loud(voice: LOW)', yard: '@loud(times: 5, voice: LOW)', quiet: '' },
    });
    const query = 'query Shout($voice: Voice!) { yard @loud(voice: $voice) }';
    const { data } = await ask(gateway, { query, variables: { voice: 'HIGH' } });
    expect(data).toEqual({ yard: expect.stringMatching(/^@loud\(voice: \$voice/) });
  });

  it('is checked as any other', async () => {
    const gateway = await start({ hall: [shout('voice: Voice! = LOW', 'hall'), echo('hall')] });
    const { errors } = await ask(gateway, { query: '{ hall @loud(voice: MIDDLE) }' });
    expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  });
});

describe('a supergraph of which nothing is to be changed', () => {
  it('is handed on as it is', () => {
    const sdl = `schema
      @link(url: "https://specs.apollo.dev/link/v1.0")
      @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)
      @link(url: "https://specs.example/both/v1.0", import: ["@both"])
    { query: Query }
    directive @both on FIELD | OBJECT
    type Query { a: Int }`;
    expect(executableSdl(sdl, { policies: false })).toBe(sdl);
  });
});

interface FieldInfo {
  fieldNodes: { directives: { name: { value: string }; arguments: Argument[] }[] }[];
}

interface Argument {
  name: { value: string };
  value: { value?: string; name?: { value: string } };
}

/** The directives that a field came with. */
const loudness = ({ fieldNodes }: FieldInfo): string =>
  fieldNodes
    .flatMap(({ directives }) => directives)
    .map(
      ({ name, arguments: args }) =>
        `@${name.value}(${args.map(({ name, value }) => `${name.value}: ${value.name ? `$${value.name.value}` : value.value}`).join(', ')})`,
    )
    .join();
