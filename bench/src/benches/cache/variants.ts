/** Where our peers keep answers. */
export type PeerCache = 'memory' | 'redis' | 'none';

/** How a page is asked for, and where its answer is to come from. */
export interface Variant {
  name: string;
  /** `caching:` in our gateway's configuration file, as a YAML flow mapping. */
  caching: string;
  /** What peers can do of the kind: they keep whole answers, or nothing. */
  peers: PeerCache;
  /** Whether our gateway is to ask no subgraph; peers that keep answers are not to either. */
  isHit: boolean;
  /** The `X-Cache` of our answers; null where answers are not kept. */
  state: 'hit' | 'miss' | null;
  /** Whether each request is one of another visitor, so that what is kept of one is no good for the next. */
  apart: boolean;
}

/** So little memory that nothing fits: all of the work is done, and nothing is found there again. */
const NO_MEMORY = '{ memory: 0.001KB }';

/** Where answers come from. */
export const variants: readonly Variant[] = [
  {
    name: 'hit in process',
    caching: '{}',
    peers: 'memory',
    isHit: true,
    state: 'hit',
    apart: false,
  },
  {
    name: 'hit in Redis',
    caching: `{ responses: ${NO_MEMORY}, entities: off }`,
    peers: 'redis',
    isHit: true,
    state: 'hit',
    apart: false,
  },
  {
    name: 'entity hits',
    caching: '{ responses: off }',
    peers: 'none',
    isHit: true,
    state: null,
    apart: false,
  },
  {
    name: 'cold',
    caching: `{ responses: ${NO_MEMORY}, entities: ${NO_MEMORY} }`,
    peers: 'none',
    isHit: false,
    state: 'miss',
    apart: true,
  },
];
