import { type ConstDirectiveNode, Kind } from 'graphql';

/** What has directives. */
export interface Annotated {
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
}

/** A `@cacheControl` of a schema. */
export interface Hint {
  /** Seconds; 0 where it says none. */
  maxAge: number;
  scope: string | null;
}

/** Null where there is none. */
export function hintOf(node: Annotated): Hint | null {
  const directive = directiveOf(node, 'cacheControl');
  if (!directive) return null;
  const argument = (name: string) => directive.arguments?.find((one) => one.name.value === name)?.value;
  const [maxAge, scope] = [argument('maxAge'), argument('scope')];
  return {
    maxAge: maxAge?.kind === Kind.INT ? Number(maxAge.value) : 0,
    scope: scope && 'value' in scope ? String(scope.value) : null,
  };
}

export const directiveOf = (node: Annotated, wanted: string): ConstDirectiveNode | undefined =>
  node.directives?.find(({ name }) => name.value === wanted);
