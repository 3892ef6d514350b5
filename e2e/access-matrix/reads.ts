import type { Answer } from '@tributary/testing';
import type { GraphQLSchema } from 'graphql';
import type { Graph } from '../support/start-graph.ts';
import { type Cells, cellsOf } from './matrix.ts';
import { gatewayHeaders, VIEWERS } from './viewers.ts';
import { find, findWays, nameOf, type Subject, toQuery, type Way } from './ways.ts';

/** What stands for an object that there is no way to. */
export const UNREACHABLE = '–';

/** Once for the subgraphs' answers, and once for what caches have kept of them for whoever else. */
const ROUNDS = 2;

/**
 * Reads every field of a subject as each viewer, on every way; and again when all have read.
 *
 * @returns what each viewer gets, by field
 * @throws Error naming the fields that answer otherwise on another way
 */
export async function readThrough(
  graph: Graph,
  schema: GraphQLSchema,
  subject: Subject,
): Promise<Map<string, Cells>> {
  const ways = findWays(schema, subject);
  const names = (subject.types ?? [...ways.keys()]).toSorted();
  const words = new Map<string, Map<string, Map<string, string>>>();
  const note = (field: string, viewer: string, word: string, way: Way) => {
    const byViewer = words.get(field) ?? new Map<string, Map<string, string>>();
    words.set(field, byViewer);
    const byWord = byViewer.get(viewer) ?? new Map<string, string>();
    byViewer.set(viewer, byWord);
    if (!byWord.has(word)) byWord.set(word, nameOf(way));
  };
  for (let round = 0; round < ROUNDS; round++) {
    for (const viewer of VIEWERS) {
      const headers = await gatewayHeaders(graph, viewer);
      for (const way of names.flatMap((name) => ways.get(name) ?? [])) {
        const answer = await graph.ask(toQuery(way, subject), { headers });
        const place = way.steps.map(({ field }) => field);
        const object = find(way, answer.data, subject);
        for (const [field, word] of wordsOf(Object.keys(way.type.getFields()), object, answer, place))
          note(`${way.type.name}.${field}`, viewer, word, way);
      }
    }
  }
  return decide(words);
}

/** What came of each field of an object. @param place - the fields on the way to the object */
export function wordsOf(
  fields: readonly string[],
  object: Record<string, unknown> | null,
  { errors = [] }: Pick<Answer<unknown>, 'errors'>,
  place: readonly string[],
): [field: string, word: string][] {
  const codes = new Map(
    errors.map(({ path = [], extensions }) => [placeOf(path, extensions), String(extensions?.code)]),
  );
  return fields.map((field) => [
    field,
    object ? (codes.get([...place, field].join('.')) ?? wordOf(object[field])) : UNREACHABLE,
  ]);
}

/** Where an error is, without numbers of items; what the gateway itself denies is told of once for all items of a list. */
const placeOf = (path: readonly (string | number)[], extensions: Record<string, unknown> = {}): string =>
  (typeof extensions.affectedPath === 'string' ? extensions.affectedPath.split('.') : path)
    .filter((key) => typeof key === 'string' && key !== '@')
    .join('.');

function wordOf(value: unknown): string {
  if (value === undefined) throw new Error('a field was not answered');
  if (value === null || (Array.isArray(value) && value.length > 0 && value.every((item) => item === null)))
    return 'null';
  return Array.isArray(value) && value.length === 0 ? 'empty' : 'yes';
}

/** One word of each viewer for each field, as long as all ways on which there is an object agree. */
function decide(words: Map<string, Map<string, Map<string, string>>>): Map<string, Cells> {
  const disagreements: string[] = [];
  const decided = [...words].map(([field, byViewer]): [string, Cells] => {
    const cells = cellsOf((_, viewer) => {
      const byWord = byViewer.get(viewer) ?? new Map<string, string>();
      const [first = UNREACHABLE, ...others] = [...byWord.keys()].filter((word) => word !== UNREACHABLE);
      if (others.length > 0) {
        const said = [...byWord].map(([word, way]) => `${word} by ${way}`).join(', ');
        disagreements.push(`${field} as ${viewer}: ${said}`);
      }
      return first;
    });
    return [field, cells];
  });
  if (disagreements.length > 0) throw new Error(`fields answer by the way:\n${disagreements.join('\n')}`);
  return new Map(decided);
}
