import { CACHE_PREFIX } from '@tributary/platform';
import { z } from 'zod';
import { duration, size } from '../transport/settings/units.ts';

const OFF = 'off' as const;

const LONGEST = 30 * 24 * 3_600_000; // 30 days

const time = () => duration({ min: 0, max: LONGEST, text: 'from 0s to 720h' });

/** YAML 1.1 reads `off` as false. */
const off = z.literal([OFF, false]).transform((): typeof OFF => OFF);

const memory = (key: string) =>
  z.union(
    [
      off.transform(() => null),
      z.strictObject({ memory: size().optional() }).transform(({ memory = DEFAULT_MEMORY }) => ({ memory })),
    ],
    { error: `must be \`off\`, or have how much \`memory\` ${key} may take, such as \`64MB\`` },
  );

const DEFAULT_MEMORY = 64_000_000; // bytes

const subgraph = z.union(
  [
    off,
    z.strictObject({
      ttl: time().optional(),
      types: z.record(z.string(), z.union([off, z.strictObject({ ttl: time() })])).optional(),
    }),
  ],
  { error: 'must be `off`, or have a `ttl` such as `5m`, or `types`' },
);

/** What is kept, and how long, as the configuration file has it under `caching`; every key may be left out. */
export const cachingSettings = z.strictObject({
  responses: memory('answers').optional(),
  entities: memory('entities').optional(),
  redis_prefix: z
    .string()
    .regex(/^[\w:.-]{1,100}$/, 'must have 1 to 100 letters, digits and `:._-`')
    .optional(),
  read_your_writes: time().optional(),
  max_age: time().optional(),
  stale_while_revalidate: time().optional(),
  all: z.strictObject({ ttl: time().optional() }).optional(),
  subgraphs: z.record(z.string(), subgraph).optional(),
});

export type GivenCaching = z.infer<typeof cachingSettings>;

/** How long what comes from a subgraph is kept. */
export interface SubgraphCaching {
  /** Whether anything of it is. */
  isOn: boolean;
  /** Milliseconds where its answer does not say; null to keep nothing then. */
  ttl: number | null;
  /** Most milliseconds for what has an object of a type, by its name; 0 to keep none of it. */
  types: ReadonlyMap<string, number>;
}

/** What is kept, and how long. */
export interface CachingSettings {
  /** Bytes of memory for whole answers; null to keep none. */
  responses: { memory: number } | null;
  /** Bytes of memory for entities and root fields; null to keep none. */
  entities: { memory: number } | null;
  /** What the names of all keys in Redis begin with. */
  redisPrefix: string;
  /** Milliseconds during which who changed something is given nothing that was kept. */
  readYourWrites: number;
  /** Nothing is kept for longer than these milliseconds. */
  maxAge: number;
  /** Milliseconds that an answer is given for while a new one is made, where subgraphs do not say. */
  staleWhileRevalidate: number;
  of(subgraph: string): SubgraphCaching;
}

/** Fills in what the file leaves out. */
export function completeCaching(given: GivenCaching): CachingSettings {
  const { responses, entities, subgraphs = {}, all = {} } = given;
  const bySubgraph = new Map(
    Object.entries(subgraphs).map(([name, own]): [string, SubgraphCaching] => [
      name,
      own === OFF
        ? { isOn: false, ttl: null, types: new Map() }
        : {
            isOn: true,
            ttl: own.ttl ?? all.ttl ?? null,
            types: new Map(
              Object.entries(own.types ?? {}).map(([type, limit]) => [type, limit === OFF ? 0 : limit.ttl]),
            ),
          },
    ]),
  );
  const others: SubgraphCaching = { isOn: true, ttl: all.ttl ?? null, types: new Map() };
  return {
    responses: responses === undefined ? { memory: DEFAULT_MEMORY } : responses,
    entities: entities === undefined ? { memory: DEFAULT_MEMORY } : entities,
    redisPrefix: given.redis_prefix ?? CACHE_PREFIX,
    readYourWrites: given.read_your_writes ?? 10_000, // 10 seconds
    maxAge: given.max_age ?? 24 * 3_600_000, // a day
    staleWhileRevalidate: given.stale_while_revalidate ?? 0,
    of: (name) => bySubgraph.get(name) ?? others,
  };
}
