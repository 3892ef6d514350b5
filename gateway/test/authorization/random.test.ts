import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  buildClientSchema,
  type GraphQLSchema,
  getIntrospectionQuery,
  getOperationAST,
  parse,
  print,
} from 'graphql';
import { valuesIn } from '../differential/included.ts';
import { OperationGenerator } from '../differential/random-operation.ts';
import { type Guarded, guard } from './support/forum.ts';
import { MAZE, type Scopes } from './support/maze.ts';
import { visibleData, withTypes } from './support/oracle.ts';

const CASES = 30;
const SEED = 20_261_121;
const ALL = ['x', 'y', 'z'];

let guarded: Guarded;
let schema: GraphQLSchema;
beforeAll(async () => {
  guarded = await guard(MAZE);
  const { data } = await guarded.gateway.query({ query: getIntrospectionQuery() });
  schema = buildClientSchema(data as never);
});
afterAll(() => guarded?.stop());

async function ask(query: string, variables: Record<string, unknown>, scopes: Scopes) {
  const headers = scopes ? await guarded.bearer(...scopes) : {};
  const { data, errors = [] } = await guarded.gateway.query({ query, variables, headers });
  return { data, codes: [...new Set(errors.map(({ extensions }) => extensions?.code))] };
}

it('gives everybody the whole answer but for what is not for them, and says so', async () => {
  let filtered = 0;
  const property = fc.asyncProperty(fc.gen(), fc.option(fc.subarray(ALL)), async (draw, scopes) => {
    const { query, variables } = new OperationGenerator(schema, draw).generate();
    const document = parse(query);
    const operation = getOperationAST(document);
    const whole = await ask(print(withTypes(document)), variables, ALL);
    // Some operations are not valid, as fields of one name disagree, and the planner fails on a few.
    fc.pre(operation !== null && whole.codes.length === 0);
    if (!operation) return;
    const values = valuesIn(document, operation, variables);
    const [all, visible] = [ALL, scopes].map((some) =>
      visibleData(schema, document, values, some, whole.data),
    );
    const first = await ask(query, variables, scopes);
    fc.pre(!first.codes.includes('QUERY_PLANNING_FAILED'));
    expect(first.data).toEqual(visible);
    // The second time it is answered past Apollo Server.
    expect(await ask(query, variables, scopes)).toEqual(first);
    const isLess = JSON.stringify(all) !== JSON.stringify(visible);
    if (isLess) filtered += 1;
    if (isLess) expect(first.codes).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE']);
  });
  await fc.assert(property, { numRuns: CASES, seed: SEED, endOnFailure: true });
  expect(filtered).toBeGreaterThan(CASES / 4);
}, 120_000);
