import type DataLoader from 'dataloader';
import { groupBy } from './group-by.ts';
import { ObservedLoader } from './observed-loader.ts';

/**
 * A loader of rows by a unique key: one statement for all keys that are asked for together.
 *
 * @param fetch - rows of these keys, in any order; a key without a row answers null
 */
export function createRowLoader<Row>(
  fetch: (keys: readonly string[]) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): DataLoader<string, Row | null> {
  return new ObservedLoader(async (keys) => {
    const byKey = new Map((await fetch(keys)).map((row) => [keyOf(row), row]));
    return keys.map((key) => byKey.get(key) ?? null);
  });
}

/**
 * A loader of all rows that belong to a parent: one statement for all parents that are asked for together.
 *
 * @param fetch - rows of these parents, each parent's in the order to be shown
 */
export function createChildrenLoader<Row>(
  fetch: (parentIds: readonly string[]) => Promise<readonly Row[]>,
  parentOf: (row: Row) => string,
): DataLoader<string, readonly Row[]> {
  return new ObservedLoader(async (parentIds) => {
    const byParent = groupBy(await fetch(parentIds), parentOf);
    return parentIds.map((id) => byParent.get(id) ?? []);
  });
}

/** One parent, and the arguments of the field that asks about it. */
export interface ParentKey<Args> {
  parentId: string;
  args: Args;
}

/**
 * A loader for fields with arguments: parents asked with equal arguments share a statement.
 *
 * @param fetch - called once for each different set of arguments; answers by parent id
 * @param missing - what a parent gets that `fetch` does not mention
 */
export function createParentLoader<Args, Value>(
  fetch: (parentIds: readonly string[], args: Args) => Promise<ReadonlyMap<string, Value>>,
  missing: (args: Args) => Value,
): DataLoader<ParentKey<Args>, Value, string> {
  const argsKey = ({ args }: ParentKey<Args>) => JSON.stringify(args);
  return new ObservedLoader(
    async (keys) => {
      const groups = [...groupBy(keys, argsKey).entries()];
      const answers = new Map(
        await Promise.all(
          groups.map(async ([group, members]) => {
            const { args } = members[0] as ParentKey<Args>;
            const parentIds = members.map(({ parentId }) => parentId);
            return [group, await settle(() => fetch(parentIds, args))] as const;
          }),
        ),
      );
      return keys.map((key) => {
        const answer = answers.get(argsKey(key));
        return answer instanceof Error ? answer : (answer?.get(key.parentId) ?? missing(key.args));
      });
    },
    { cacheKeyFn: (key) => `${key.parentId} ${argsKey(key)}` },
  );
}

/** An error as a value: arguments that cannot be used fail who was asked with them, and nobody else. */
async function settle<Value>(run: () => Promise<Value>): Promise<Value | Error> {
  try {
    return await run();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
