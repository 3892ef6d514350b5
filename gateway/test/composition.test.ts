import { afterEach, describe, expect, it } from '@jest/globals';
import { composeSupergraph } from '../src/index.ts';
import { createWorkspace, NODE, type Workspace } from './support/workspace.ts';

const HEADER =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])\n';

let workspace: Workspace;

afterEach(() => workspace.remove());

/** The message that composing these schemas fails with, without the folder's name. */
async function failure(schemas: Record<string, string>): Promise<string> {
  workspace = await createWorkspace(
    Object.entries(schemas).map(([name, sdl]) => ({ name, url: 'http://127.0.0.1:1/', sdl: HEADER + sdl })),
  );
  return messageOf();
}

async function messageOf(): Promise<string> {
  const { message } = await composeSupergraph(workspace.config).then(
    () => ({ message: 'it composed' }),
    (error: Error) => error,
  );
  return message.replaceAll(/\S*tributary-gateway-\w+\//g, '');
}

describe('schemas that do not fit', () => {
  it('are named with file, line, column, subgraph and field', async () => {
    const message = await failure({
      a: 'type Query { price: Int @shareable }',
      b: 'type Query {\n  other: Int\n  price: String @shareable\n}',
    });
    expect(message).toMatch(/supergraph\.yaml does not compose/);
    expect(message).toContain(
      'a.graphql:2:14 [a] FIELD_TYPE_MISMATCH: Type of field "Query.price" is incompatible',
    );
    expect(message).toContain('also b.graphql:4:3 [b]');
  });

  it('with a field that cannot be reached are named too', async () => {
    const message = await failure({
      a: 'type Query { book: Book }\ntype Book @shareable { id: ID }',
      b: 'type Query { other: Book }\ntype Book @shareable {\n  id: ID\n  pages: Int\n}',
    });
    expect(message).toContain('b.graphql:5:3 [b]');
    expect(message).toContain('SATISFIABILITY_ERROR');
    expect(message).toContain('cannot find field "Book.pages"');
  });

  it('only by a hint are refused as well', async () => {
    const message = await failure({
      a: 'type Query { a: Kind }\nenum Kind { ONE }',
      b: '"Described otherwise."\ntype Book @shareable { id: ID }\ntype Query { b: Book }',
      c: '"Described."\ntype Book @shareable { id: ID }\ntype Query { c: Book }',
    });
    expect(message).toMatch(/b\.graphql:\d+:\d+ \[b\] INCONSISTENT_DESCRIPTION: /);
  });

  it('with a syntax error each are all named at once', async () => {
    const message = await failure({ a: 'type Query { a: Int', b: 'typo Query' });
    expect(message).toMatch(/a\.graphql:2:20 \[a\] Syntax Error/);
    expect(message).toMatch(/b\.graphql:2:1 \[b\] Syntax Error/);
  });

  it('with an unknown type are named', async () => {
    expect(await failure({ a: 'type Query {\n  a: Nothing\n}' })).toContain(
      'a.graphql:3:6 [a] INVALID_GRAPHQL: [a] Unknown type Nothing',
    );
  });
});

describe('a supergraph.yaml', () => {
  it.each([
    ['no subgraphs', 'federation_version: 2\n', /supergraph\.yaml:1:1 subgraphs: /],
    ['nothing in it', '', /supergraph\.yaml:1:1 the file: /],
    ['a tab', 'subgraphs:\n\ta: 1\n', /supergraph\.yaml:2:1 /],
    [
      'Federation 1',
      'federation_version: 1\nsubgraphs: { a: { routing_url: x, schema: { file: a } } }',
      /:1:21 federation_version: must be Federation 2/,
    ],
    [
      'introspection',
      'subgraphs:\n  a:\n    routing_url: x\n    schema:\n      subgraph_url: http://x\n',
      /:5:21 subgraphs\.a\.schema\.subgraph_url: only `schema: \{ file: … \}` is supported/,
    ],
    [
      'a graph in GraphOS',
      'subgraphs:\n  a:\n    routing_url: x\n    schema:\n      graphref: a@b\n      subgraph: c\n',
      /:5:17 subgraphs\.a\.schema\.graphref: only /,
    ],
    [
      'an unknown key',
      'subgraphs:\n  a:\n    routing_url: x\n    shema: { file: a }\n    schema: { file: a }\n',
      /:4:12 subgraphs\.a\.shema: is not a key of this file/,
    ],
    [
      'no routing URL',
      'subgraphs:\n  a:\n    schema: { file: a }\n',
      /:3:5 subgraphs\.a\.routing_url: is required/,
    ],
    ['no schema', 'subgraphs:\n  a:\n    routing_url: x\n', /subgraphs\.a\.schema: is required/],
    [
      'an impossible name',
      'subgraphs:\n  a b:\n    routing_url: x\n    schema: { file: a }\n',
      /subgraphs\.a b: a subgraph’s name is/,
    ],
    [
      'a schema that is not there',
      'subgraphs:\n  a:\n    routing_url: x\n    schema: { file: gone.graphql }\n',
      /gone\.graphql \[a\] cannot be read \(ENOENT\)/,
    ],
  ])('with %s is refused, naming place and key', async (_name, yaml, expected) => {
    workspace = await createWorkspace([]);
    await workspace.write('supergraph.yaml', yaml);
    expect(await messageOf()).toMatch(expected);
  });
});

describe('the node subgraph', () => {
  it('has a stub for each type that implements Node and is owned somewhere', async () => {
    const sdl = `${HEADER}interface Node { id: ID! }
      type Query { a: A }
      type A implements Node @key(fields: "id") { id: ID! }
      type B @key(fields: "id") { id: ID! }
      type C implements Node @key(fields: "id", resolvable: false) { id: ID! }`;
    workspace = await createWorkspace([{ name: 'a', url: 'http://127.0.0.1:1/', sdl }, NODE]);
    const { nodeSchema, supergraphSdl } = await composeSupergraph(workspace.config);
    expect(nodeSchema?.file).toBe(workspace.path('node.graphql'));
    expect(nodeSchema?.sdl.match(/^type \w+ implements Node/gm)).toEqual(['type A implements Node']);
    expect(supergraphSdl).toContain('NODE @join__graph(name: "node", url: "local:node")');
  });
});
