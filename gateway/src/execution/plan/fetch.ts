import type { ResponsePath } from '@apollo/query-planner';
import type { GraphQLFormattedError } from 'graphql';
import type { AnswerCaching } from '../../transport/answer.ts';
import type { Execution } from '../execution.ts';
import { merge } from './merge.ts';
import { isObject, type JsonObject } from './objects.ts';
import type { Step } from './steps.ts';
import { ENTITIES, type SubgraphOperation } from './subgraph-operation.ts';
import { commonPlace, placesAt, targetsAt } from './targets.ts';
import type { RepresentationOf } from './varying-fetch.ts';

/** What is done with values of a subgraph's answer before they are merged. */
export type Rewrite = ((value: unknown) => void) | null;

/** A part of a subgraph's answer, as it is for one fetch. */
export interface FetchAnswer {
  data: JsonObject | null;
  errors: readonly GraphQLFormattedError[];
  /** What is said of the whole answer; absent when there was none. */
  from?: AnswerCaching;
}

/** A fetch that could be sent now. */
export interface ReadyFetch {
  operation: SubgraphOperation;
  /** JSON texts of the representations; null for a fetch that is not of entities. */
  representations: readonly string[] | null;
  /** The plan's path, `@` for each list. */
  path: ResponsePath;
  /** How many objects of the answer are to get fields of entities; 0 for a fetch that is not of entities. */
  wanted: number;
  /** JSON texts of the arguments that are from what is around the entities, by the names of their variables. */
  contextual?: ReadonlyMap<string, string>;
  /** The place in the client's answer that the fetch is for, as far as it is one. */
  place: ResponsePath;
  /** How many of the entities or root fields that it was for are known already. @default nobody looked */
  kept?: number;
  /** Takes the answer in. */
  receive(answer: FetchAnswer): void;
  /** Called after the answer or a failure. */
  done(): void;
}

/** Fetches fields of a root type, and puts them where the path leads. */
export function rootFetch(
  operation: SubgraphOperation,
  path: ResponsePath,
  place: ResponsePath,
  rewrite: Rewrite,
): Step {
  return {
    run(execution, done) {
      const targets = targetsAt(execution.data, path, execution.isShared);
      if (targets.length === 0) {
        done();
        return;
      }
      execution.fetch({
        operation,
        representations: null,
        path,
        wanted: 0,
        place,
        done,
        receive({ data, errors }) {
          for (const error of errors) {
            const places = [...placesAt(execution.data, path).values()].flat();
            for (const start of places) execution.report(error, operation.subgraph, join(start, error.path));
          }
          if (!data) return;
          rewrite?.(data);
          if (targets.length > 1 && !execution.copies) execution.isShared = true;
          for (const target of targets)
            merge(target, execution.copies ? structuredClone(data) : data, execution.isObjectType);
        },
      });
    },
  };
}

/** A fetch of entities. */
export interface EntityFetch {
  operation: SubgraphOperation;
  /** Where the entities are. */
  path: ResponsePath;
  /** What the subgraph is sent of the entities in one run. */
  representationsIn(this: void, execution: Execution): RepresentationOf;
  rewrite: Rewrite;
}

/** Fetches fields of the entities that the path leads to; each entity is asked for once, however often it is there. */
export function entityFetch(fetch: EntityFetch): Step {
  return {
    run: (execution, done) =>
      fetchEntities(fetch, execution, targetsAt(execution.data, fetch.path, execution.isShared), done),
  };
}

/**
 * Has fields of entities fetched.
 *
 * @param contextual - the arguments that all of them have from what is around them
 */
export function fetchEntities(
  { operation, path, representationsIn, rewrite }: EntityFetch,
  execution: Execution,
  targets: readonly JsonObject[],
  done: () => void,
  contextual?: ReadonlyMap<string, string>,
): void {
  const representationOf = representationsIn(execution);
  const known = new Map<unknown, Map<unknown, number>>();
  const representations: string[] = [];
  const represented: JsonObject[] = [];
  const indexes: number[] = [];
  for (const target of targets) {
    const type = target.__typename;
    const representation = representationOf(type);
    const key = representation?.keyOf(target);
    if (!representation || key === undefined) continue;
    let knownOfType = known.get(type);
    if (!knownOfType) {
      knownOfType = new Map();
      known.set(type, knownOfType);
    }
    let index = knownOfType.get(key);
    if (index === undefined) {
      index = representations.length;
      knownOfType.set(key, index);
      representations.push(representation.write(target, key));
    } else if (!execution.copies) {
      execution.isShared = true;
    }
    represented.push(target);
    indexes.push(index);
  }
  if (representations.length === 0) {
    done();
    return;
  }
  execution.fetch({
    operation,
    representations,
    ...(contextual && { contextual }),
    path,
    wanted: represented.length,
    place: commonPlace(path),
    done,
    receive({ data, errors }) {
      if (errors.length > 0)
        reportEntityErrors(execution, operation.subgraph, path, errors, represented, indexes);
      const entities = data?.[ENTITIES];
      if (!Array.isArray(entities)) return;
      if (rewrite)
        for (const [index, target] of represented.entries()) nameType(entities[indexes[index] ?? -1], target);
      rewrite?.(entities);
      const { copies, isObjectType } = execution;
      for (let index = 0; index < represented.length; index++) {
        const entity: unknown = entities[indexes[index] ?? -1];
        if (!isObject(entity)) continue;
        merge(represented[index] as JsonObject, copies ? structuredClone(entity) : entity, isObjectType);
      }
    },
  });
}

/** Rewrites may be for one type only, which an entity need not say again. */
function nameType(entity: unknown, { __typename }: JsonObject): void {
  if (isObject(entity)) entity.__typename ??= __typename;
}

/** An error about an entity is one about each place where the entity is. */
function reportEntityErrors(
  execution: Execution,
  subgraph: string,
  path: ResponsePath,
  errors: readonly GraphQLFormattedError[],
  represented: readonly JsonObject[],
  indexes: readonly number[],
): void {
  const places = placesAt(execution.data, path);
  for (const error of errors) {
    const [, index, ...rest] = error.path ?? [];
    const targets = new Set(represented.filter((_, place) => indexes[place] === index));
    if (targets.size === 0) {
      execution.report(error, subgraph, commonPlace(path));
      continue;
    }
    for (const target of targets) {
      for (const place of places.get(target) ?? []) execution.report(error, subgraph, join(place, rest));
    }
  }
}

/** @returns undefined for a path that is as good as none: at the root, of an error that names no field */
const join = (start: ResponsePath, path: ResponsePath | readonly (string | number)[] = []) =>
  start.length + path.length > 0 ? [...start, ...path] : undefined;
