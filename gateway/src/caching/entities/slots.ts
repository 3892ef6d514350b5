import type { FetchAnswer, ReadyFetch } from '../../execution/plan/fetch.ts';
import { isObject, type JsonObject } from '../../execution/plan/objects.ts';
import { ENTITIES } from '../../execution/plan/subgraph-operation.ts';
import type { FetchLabels, RootPart } from '../labels/fetch-labels.ts';

type Variables = Readonly<Record<string, unknown>>;

/** What a fetch asks for, in parts that are kept each on its own: entities, or root fields. */
export interface Slots {
  readonly fetch: ReadyFetch;
  readonly labels: FetchLabels;
  /** Names of the parts, the same for equal ones. */
  readonly keys: readonly string[];
  /** Gives the fetch what is known already. @param values - by the index of the part */
  give(values: ReadonlyMap<number, unknown>): void;
  /**
   * A fetch for some of the parts only.
   *
   * @param take - told of the answer before the fetch is given it, with the values of those parts; undefined for one
   * that is not there
   */
  rest(
    wanted: readonly number[],
    take: (answer: FetchAnswer, values: readonly unknown[]) => void,
  ): ReadyFetch;
  /** Adds what a part depends on. */
  read(index: number, value: unknown, labels: Set<string>): void;
}

/** Divides a fetch. @returns null for one whose answer is not kept */
export function slotsOf(fetch: ReadyFetch, variables: Variables): Slots | null {
  const { labels, safe } = fetch.operation;
  if (!labels || !safe) return null;
  if (fetch.representations && labels.entity) return entitySlots(fetch, labels, labels.entity, variables);
  return fetch.representations ? null : rootSlots(fetch, labels, variables);
}

function entitySlots(
  fetch: ReadyFetch,
  labels: FetchLabels,
  entity: NonNullable<FetchLabels['entity']>,
  variables: Variables,
): Slots {
  const { operation, contextual = new Map() } = fetch;
  const representations = fetch.representations ?? [];
  const given = valuesOf(operation.variables, variables) + JSON.stringify([...contextual]);
  const prefix = `${operation.subgraph}\n${entity.id}\n${given}\n`;
  return {
    fetch,
    labels,
    keys: representations.map((representation) => prefix + representation),
    give(values) {
      const entities = representations.map((_, index) => values.get(index) ?? null);
      fetch.receive({ data: { [ENTITIES]: entities }, errors: [] });
    },
    rest: (wanted, take) => ({
      ...fetch,
      kept: representations.length - wanted.length,
      representations: wanted.map((index) => representations[index] ?? ''),
      receive(answer) {
        const entities = answer.data?.[ENTITIES];
        const values = Array.isArray(entities) ? entities : [];
        take(answer, wanted.length === values.length ? values : []);
        fetch.receive(wanted.length === representations.length ? answer : spread(answer, wanted));
      },
    }),
    read: (index, value, found) => entity.read(representations[index] ?? '', value, found),
  };
}

/** The answer about some entities as it would be about all. */
function spread({ data, errors, ...answer }: FetchAnswer, wanted: readonly number[]): FetchAnswer {
  const values = data?.[ENTITIES];
  const entities: unknown[] = Array(Math.max(...wanted) + 1).fill(null);
  for (const [index, value] of (Array.isArray(values) ? values : []).entries())
    entities[wanted[index] ?? 0] = value;
  return {
    ...answer,
    data: data && { ...data, [ENTITIES]: entities },
    errors: errors.map((error) => {
      const [field, index, ...path] = error.path ?? [];
      if (field === undefined || typeof index !== 'number') return error;
      return { ...error, path: [field, wanted[index] ?? index, ...path] };
    }),
  };
}

function rootSlots(fetch: ReadyFetch, labels: FetchLabels, variables: Variables): Slots {
  const { parts } = labels;
  const { subgraph } = fetch.operation;
  const valueIn = (data: unknown, { name }: RootPart): unknown =>
    name === null ? data : isObject(data) ? data[name] : undefined;
  return {
    fetch,
    labels,
    keys: parts.map(({ id, variables: used }) => `${subgraph}\n${id}\n${valuesOf(used, variables)}`),
    give(values) {
      const data: JsonObject = {};
      for (const [index, value] of values) {
        const name = parts[index]?.name;
        if (typeof name === 'string') data[name] = value;
        else Object.assign(data, value);
      }
      fetch.receive({ data, errors: [] });
    },
    rest(wanted, take) {
      const asked = wanted.flatMap((index) => parts[index] ?? []);
      return {
        ...fetch,
        kept: parts.length - wanted.length,
        operation: labels.only(fetch.operation, asked),
        receive(answer) {
          take(
            answer,
            asked.map((part) => valueIn(answer.data, part)),
          );
          fetch.receive(answer);
        },
      };
    },
    read: (index, value, found) => parts[index]?.read(value, variables, found),
  };
}

/** The values of variables, as JSON that is the same for equal ones. */
const valuesOf = (names: readonly string[], variables: Variables): string =>
  JSON.stringify(names.map((name) => variables[name] ?? (Object.hasOwn(variables, name) ? null : 0)));
