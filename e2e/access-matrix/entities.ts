import { graphql } from '@tributary/testing';
import { Kind, type ObjectTypeDefinitionNode } from 'graphql';
import type { Graph } from '../support/start-graph.ts';
import type { Matrix } from './matrix.ts';
import { UNREACHABLE, wordsOf } from './reads.ts';
import { directiveOf, objectTypesOf, SUBGRAPH_SCHEMAS } from './subgraph-schemas.ts';
import { subgraphHeaders, VIEWERS } from './viewers.ts';
import type { Subject } from './ways.ts';

/**
 * Asks the subgraphs for the subjects' entities as the gateway does, and holds the answers against what the graph as
 * a whole answers.
 *
 * @returns a line for each field that answers otherwise; and how many were compared
 */
export async function compareEntities(
  graph: Graph,
  subjects: readonly Subject[],
  matrix: Matrix,
): Promise<{ compared: number; differences: string[] }> {
  const differences: string[] = [];
  let compared = 0;
  for (const { subgraph, document } of SUBGRAPH_SCHEMAS) {
    for (const type of objectTypesOf(document).filter(isEntity)) {
      const name = type.name.value;
      const fields = fieldsOf(type, document);
      for (const { title, ids, types } of subjects) {
        if (fields.length === 0 || !(types ?? [name]).includes(name)) continue;
        for (const viewer of VIEWERS) {
          const answer = await graphql<{ _entities: (Record<string, unknown> | null)[] } | null>(
            graph.subgraphs[subgraph].url,
            {
              query: `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${name} { ${fields.map(({ query }) => query).join(' ')} } } }`,
              variables: { of: [{ __typename: name, id: ids.get(name) }] },
              headers: await subgraphHeaders(viewer),
            },
          );
          const names = fields.map((field) => field.name);
          for (const [field, word] of wordsOf(names, answer.data?._entities[0] ?? null, answer, [
            '_entities',
          ])) {
            compared++;
            const decided = atSubgraph(matrix.get(title)?.get(`${name}.${field}`)?.[viewer], viewer);
            if (word !== UNREACHABLE && word !== decided)
              differences.push(
                `${name}.${field} of ${subgraph}, ${title}, as ${viewer}: ${word}, not ${decided}`,
              );
          }
        }
      }
    }
  }
  return { compared, differences };
}

/** What the gateway denies before it asks, a subgraph denies in its own words. */
const atSubgraph = (word: string | undefined, viewer: string): string | undefined => {
  if (word !== 'UNAUTHORIZED_FIELD_OR_TYPE') return word;
  return viewer === 'anonymous' ? 'UNAUTHENTICATED' : 'FORBIDDEN';
};

function isEntity(type: ObjectTypeDefinitionNode): boolean {
  const key = directiveOf(type, 'key');
  const resolvable = key?.arguments?.find(({ name }) => name.value === 'resolvable')?.value;
  return key !== undefined && !(resolvable?.kind === Kind.BOOLEAN && !resolvable.value);
}

/** The fields that a subgraph resolves by the key alone: who asks sends what others require, and the key itself. */
function fieldsOf(type: ObjectTypeDefinitionNode, document: (typeof SUBGRAPH_SCHEMAS)[number]['document']) {
  const composite = new Set(
    document.definitions.flatMap((one) =>
      one.kind === Kind.OBJECT_TYPE_DEFINITION ||
      one.kind === Kind.INTERFACE_TYPE_DEFINITION ||
      one.kind === Kind.UNION_TYPE_DEFINITION
        ? [one.name.value]
        : [],
    ),
  );
  return (type.fields ?? [])
    .filter((field) => ['external', 'requires', 'internal'].every((name) => !directiveOf(field, name)))
    .filter(({ name }) => name.value !== 'id')
    .map((field) => {
      let target = field.type;
      while (target.kind !== Kind.NAMED_TYPE) target = target.type;
      const selection = composite.has(target.name.value) ? ' { __typename }' : '';
      return { name: field.name.value, query: `${field.name.value}${selection}` };
    });
}
