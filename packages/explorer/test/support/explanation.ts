import type { ExplainedFetch, Explanation } from '../../src/index.ts';

/** A name that would be an element, and run, where it is taken for HTML. */
export const HOSTILE = '<img src=x onerror=alert(1)>';

/** How a run may go: fetches side by side, one of two fetches that were joined, one that failed, and one from the cache. */
export const EXPLANATION: Explanation = {
  version: 1,
  operation: { name: 'Hello', kind: 'query', remembered: false, planning: 4, compiling: 1 },
  plan: {
    kind: 'sequence',
    nodes: [
      { kind: 'fetch', id: '0', subgraph: 'greetings', of: 'root', path: [], query: '{greeting}' },
      {
        kind: 'parallel',
        nodes: [
          fetchNode('1', 'people', ['friends', '@']),
          fetchNode('2', 'people', ['family', '@']),
          {
            kind: 'condition',
            variable: 'deep',
            ifTrue: fetchNode('3', 'letters', ['friends']),
            ifFalse: null,
          },
          fetchNode('4', HOSTILE, ['family']),
          fetchNode('6', 'people', ['neighbours']),
          {
            kind: 'defer',
            first: null,
            later: [
              {
                label: 'post',
                path: ['family'],
                after: ['2', '4'],
                node: fetchNode('5', 'letters', ['family']),
              },
              { label: null, path: [], after: [], node: null },
            ],
          },
        ],
      },
    ],
  },
  planText: 'QueryPlan {\n  Fetch(service: "greetings") {}\n}',
  fetches: [
    {
      ...answered('greetings', '{greeting}', 5, 20),
      parts: [{ id: '0', kind: 'root', path: [], entities: null }],
    },
    {
      ...answered('people', '{_0:_entities{id}_1:_entities{id}}', 20, 30),
      parts: [
        { id: '1', kind: 'entities', path: ['friends', '@'], entities: { wanted: 9, sent: 3 } },
        { id: '2', kind: 'entities', path: ['family', '@'], entities: { wanted: 2, sent: 2 } },
      ],
    },
    {
      ...answered(HOSTILE, HOSTILE, 20, 40),
      parts: [{ id: '4', kind: 'entities', path: ['family'], entities: { wanted: 1, sent: 1 } }],
      status: 503,
      error: 'SUBGRAPH_UNAVAILABLE',
    },
    {
      ...answered('people', '{_entities{id}}', 20, 21),
      parts: [{ id: '6', kind: 'entities', path: ['neighbours'], entities: { wanted: 1, sent: 1 } }],
      ...{ attempts: 0, bytesOut: null, bytesIn: null, status: null, cache: 'hit' },
    },
  ],
  answer: { start: 40, end: 42, bytes: 1234 },
  duration: 42,
};

function fetchNode(id: string, subgraph: string, path: string[]) {
  return { kind: 'fetch', id, subgraph, of: 'entities', path, query: '{_entities{id}}' } as const;
}

function answered(
  subgraph: string,
  query: string,
  start: number,
  end: number,
): Omit<ExplainedFetch, 'parts'> {
  const ok = { attempts: 1, bytesOut: 64, bytesIn: 128, status: 200, error: null, errors: 0 };
  return { ...ok, cache: 'none', subgraph, query, start, end };
}
