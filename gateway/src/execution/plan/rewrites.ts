import type { FetchDataRewrite } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { isObject, type JsonObject, own, setOwn } from './objects.ts';
import { isOfType } from './type-conditions.ts';

const ON_TYPE = '... on ';

/**
 * Makes what carries out a plan's rewrites: a plan renames fields that would collide, and sets the type name that a
 * subgraph knows an object by.
 *
 * @returns null when there is nothing to rewrite
 */
export function compileRewrites(
  schema: GraphQLSchema,
  rewrites: readonly FetchDataRewrite[] = [],
): ((value: unknown) => void) | null {
  if (rewrites.length === 0) return null;
  return (value) => {
    for (const rewrite of rewrites) rewriteAt(schema, value, rewrite.path, rewrite);
  };
}

function rewriteAt(
  schema: GraphQLSchema,
  value: unknown,
  path: readonly string[],
  rewrite: FetchDataRewrite,
): void {
  if (Array.isArray(value)) {
    for (const item of value) rewriteAt(schema, item, path, rewrite);
    return;
  }
  const [head, ...rest] = path;
  if (!isObject(value) || head === undefined) return;
  if (head.startsWith(ON_TYPE)) {
    // An object that does not say its type is of the only one it can have.
    const applies = isOfType(
      schema,
      value.__typename ?? head.slice(ON_TYPE.length),
      head.slice(ON_TYPE.length),
    );
    if (applies) rewriteAt(schema, value, rest, rewrite);
  } else if (rest.length > 0) {
    rewriteAt(schema, own(value, head), rest, rewrite);
  } else {
    rewriteField(value, head, rewrite);
  }
}

function rewriteField(object: JsonObject, field: string, rewrite: FetchDataRewrite): void {
  if (rewrite.kind === 'ValueSetter') {
    setOwn(object, field, rewrite.setValueTo);
    return;
  }
  const value = own(object, field);
  if (value === undefined) return;
  setOwn(object, rewrite.renameKeyTo, value);
  setOwn(object, field, undefined);
}
