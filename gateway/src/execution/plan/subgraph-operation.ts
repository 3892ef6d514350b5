import {
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  stripIgnoredCharacters,
  visit,
} from 'graphql';
import type { FetchLabels } from '../../caching/labels/fetch-labels.ts';
import { bodyStart } from '../../transport/subgraph-request.ts';

/** An operation for a subgraph, whose text is the same each time. */
export interface SubgraphOperation {
  /** Tells the operations of one plan apart. */
  id: string;
  subgraph: string;
  /** The GraphQL document. */
  query: string;
  operationName: string | undefined;
  /** The start of the body of a request for it. */
  bodyStart: string;
  /** The client's variables that it uses. */
  variables: readonly string[];
  /** The variables whose values are from what is around the entities (`@fromContext`). */
  contextual: readonly string[];
  /** It changes nothing. */
  safe: boolean;
  /** What caches need to know of it; null when nothing is kept. */
  labels: FetchLabels | null;
}

/** The field that gives entities, and the variable that says which (Apollo Federation, subgraph specification). */
export const ENTITIES = '_entities';
export const REPRESENTATIONS = 'representations';

/** Name of the n-th list of entities, and of its variable, in joined operations. */
export const joinedEntities = (n: number): string => `_${n}`;
export const joinedRepresentations = (n: number): string => joinedVariable(REPRESENTATIONS, n);

/** Name of a variable that each of the operations has for itself, in the n-th of joined operations. */
export const joinedVariable = (name: string, n: number): string => `${name}_${n}`;

/** The id of operations that are joined into one. */
export const joinedId = (operations: readonly SubgraphOperation[]): string =>
  operations.map(({ id }) => id).join('+');

/**
 * Joins fetches of entities from one subgraph into one operation: each has its own list of representations, and its
 * entities under its own alias.
 */
export function joinEntityOperations(operations: readonly SubgraphOperation[]): SubgraphOperation {
  const [first] = operations;
  if (!first) throw new Error('there is nothing to join');
  const parts = operations.map(({ query, contextual }, n) =>
    renamed(parse(query, { noLocation: true }), n, [REPRESENTATIONS, ...contextual]),
  );
  const definitions = new Map(
    parts.flatMap(({ operation }) =>
      (operation.variableDefinitions ?? []).map((definition) => [definition.variable.name.value, definition]),
    ),
  );
  const joined: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        ...(parts[0]?.operation as OperationDefinitionNode),
        variableDefinitions: [...definitions.values()],
        directives: [],
        selectionSet: {
          kind: Kind.SELECTION_SET,
          selections: parts.flatMap(({ operation }) => operation.selectionSet.selections),
        },
      },
      ...parts.flatMap(({ fragments }) => fragments),
    ],
  };
  const query = stripIgnoredCharacters(print(joined));
  return {
    id: joinedId(operations),
    subgraph: first.subgraph,
    query,
    bodyStart: bodyStart(query, first.operationName),
    operationName: first.operationName,
    variables: [...new Set(operations.flatMap(({ variables }) => variables))],
    contextual: operations.flatMap(({ contextual }, n) => contextual.map((name) => joinedVariable(name, n))),
    safe: true,
    // What is kept, and what of it is missing, was found out of each on its own.
    labels: null,
  };
}

/** One part: its own variables, entities and fragments have names of their own. */
function renamed(document: DocumentNode, n: number, own: readonly string[]) {
  const { definitions } = visit(document, {
    Variable: (node) =>
      own.includes(node.name.value)
        ? { ...node, name: nameNode(joinedVariable(node.name.value, n)) }
        : undefined,
    FragmentDefinition: (node) => ({ ...node, name: nameNode(`${node.name.value}_${n}`) }),
    FragmentSpread: (node) => ({ ...node, name: nameNode(`${node.name.value}_${n}`) }),
    OperationDefinition: {
      leave: (node) => ({
        ...node,
        selectionSet: {
          ...node.selectionSet,
          selections: node.selectionSet.selections.map((field) => ({
            ...field,
            alias: nameNode(joinedEntities(n)),
          })),
        },
      }),
    },
  });
  const operation = definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('a fetch has no operation');
  return { operation, fragments: definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION) };
}

const nameNode = (value: string) => ({ kind: Kind.NAME, value }) as const;
