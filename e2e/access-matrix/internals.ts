import { graphql } from '@tributary/testing';
import {
  buildASTSchema,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Graph } from '../support/start-graph.ts';
import { type Cells, cellsOf } from './matrix.ts';
import { directiveOf, objectTypesOf, SUBGRAPH_SCHEMAS } from './subgraph-schemas.ts';
import { subgraphHeaders, VIEWERS } from './viewers.ts';

/**
 * Asks the subgraphs for the fields that are for services only, as each viewer.
 *
 * @returns the error's code, or `answered`
 */
export async function readInternals(graph: Graph): Promise<Map<string, Cells>> {
  const rows = new Map<string, Cells>();
  for (const { subgraph, document } of SUBGRAPH_SCHEMAS) {
    const schema = buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
    for (const type of objectTypesOf(document)) {
      for (const node of (type.fields ?? []).filter((field) => directiveOf(field, 'internal'))) {
        const object = schema.getType(type.name.value);
        const field = isObjectType(object) ? object.getFields()[node.name.value] : undefined;
        if (!field || object === schema.getSubscriptionType())
          throw new Error(`cannot ask for ${node.name.value}`);
        const args = field.args.map((arg) => `${arg.name}: ${someValue(arg.type)}`).join(', ');
        const selection = isLeafType(getNamedType(field.type)) ? '' : ' { __typename }';
        const operation = object === schema.getMutationType() ? 'mutation' : 'query';
        const query = `${operation} { ${field.name}${args && `(${args})`}${selection} }`;
        const words: string[] = [];
        for (const viewer of VIEWERS) {
          const headers = await subgraphHeaders(viewer);
          const { errors = [] } = await graphql(graph.subgraphs[subgraph].url, { query, headers });
          words.push(errors.map(({ extensions }) => String(extensions?.code)).join(' ') || 'answered');
        }
        rows.set(
          `${subgraph}: ${type.name.value}.${field.name}`,
          cellsOf((index) => words[index] ?? ''),
        );
      }
    }
  }
  return rows;
}

/** Some value of a type, as it is written in a query. */
function someValue(type: GraphQLInputType): string {
  if (isNonNullType(type)) return someValue(type.ofType);
  if (isListType(type)) return `[${someValue(type.ofType)}]`;
  if (isEnumType(type)) return type.getValues()[0]?.name ?? '';
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).map((field) => `${field.name}: ${someValue(field.type)}`);
    return `{ ${fields.join(', ')} }`;
  }
  return SOME_SCALAR[type.name] ?? '"x"';
}

const SOME_SCALAR: Record<string, string> = { Boolean: 'true', Float: '1.5', Int: '1', SafeInt: '1' };
