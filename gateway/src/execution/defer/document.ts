import {
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  getDirectiveValues,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { gatewayError } from '../../errors/gateway-error.ts';
import { GraphQLDeferDirective } from './directive.ts';

const { name: DEFER } = GraphQLDeferDirective;

/** Most parts that an answer is deferred in; each has a part of the query plan. What is above is not deferred. */
const MAX_PARTS = 32;

/** A document in which it is settled what is deferred. */
export interface SettledDocument {
  /**
   * Each `@defer` in it is meant, is on an inline fragment, and has its number as its label: `"0"`, `"1"` and so on.
   */
  document: DocumentNode;
  /** The clients' labels, by these numbers. */
  labels: readonly (string | undefined)[];
}

/** By document, the variables in its `@defer(if:)`; null when nothing in it is deferred. */
const variablesOf = new WeakMap<DocumentNode, readonly string[] | null>();

/** The variables that decide what is deferred in a document; null when nothing is, ever. */
export function deferVariables(document: DocumentNode): readonly string[] | null {
  let variables = variablesOf.get(document);
  if (variables === undefined) {
    const names = new Set<string>();
    let isUsed = false;
    visit(document, {
      Directive({ name, arguments: given = [] }) {
        if (name.value !== DEFER) return;
        isUsed = true;
        for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
      },
    });
    variables = isUsed ? [...names] : null;
    variablesOf.set(document, variables);
  }
  return variables;
}

/**
 * The values of those variables: what the client gave, or else their defaults.
 *
 * @param variables - the client's, which fit their definitions
 * @throws GraphQLError when one is null
 */
export function deferValues(
  names: readonly string[],
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const name of names) {
    const definition = variableDefinitions.find(({ variable }) => variable.name.value === name);
    const byDefault = definition?.defaultValue;
    if (variables[name] === null) {
      throw gatewayError('BAD_USER_INPUT', {
        message: `Variable "$${name}" decides what is deferred, and cannot be null.`,
      });
    }
    if (variables[name] !== undefined) values[name] = variables[name];
    else if (byDefault?.kind === Kind.BOOLEAN) values[name] = byDefault.value;
  }
  return values;
}

/**
 * Settles what is deferred. Spreads of fragments with `@defer` are replaced by what they stand for, so that each part of
 * the answer has a `@defer` of its own.
 *
 * @param values - of the variables in `@defer(if:)`; null to defer nothing
 */
export function settle(
  document: DocumentNode,
  operationName: string | undefined,
  values: Readonly<Record<string, unknown>> | null,
): SettledDocument {
  const operation = getOperationAST(document, operationName);
  if (!values || !operation) return { document: withoutDefer(document), labels: [] };
  const settler = new Settler(document, values);
  const settled = { ...operation, selectionSet: settler.settle(operation.selectionSet) };
  const fragments = settler.fragmentsIn(settled.selectionSet);
  return { document: { kind: Kind.DOCUMENT, definitions: [settled, ...fragments] }, labels: settler.labels };
}

class Settler {
  readonly labels: (string | undefined)[] = [];
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #deferring = new Map<string, boolean>();

  constructor({ definitions }: DocumentNode, values: Readonly<Record<string, unknown>>) {
    this.#values = values;
    this.#fragments = new Map(
      definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [])),
    );
  }

  settle(selectionSet: SelectionSetNode): SelectionSetNode {
    return { ...selectionSet, selections: selectionSet.selections.map((one) => this.#selection(one)) };
  }

  /** The fragments that selections lead to, with nothing deferred in them. */
  fragmentsIn(selectionSet: SelectionSetNode): FragmentDefinitionNode[] {
    const found = new Map<string, FragmentDefinitionNode>();
    const search = (node: SelectionSetNode) =>
      void visit(node, {
        FragmentSpread: ({ name }) => {
          const fragment = this.#fragments.get(name.value);
          if (!fragment || found.has(name.value)) return;
          found.set(name.value, withoutDefer(fragment));
          search(fragment.selectionSet);
        },
      });
    search(selectionSet);
    return [...found.values()];
  }

  #selection(selection: SelectionNode): SelectionNode {
    if (selection.kind === Kind.FIELD) {
      return selection.selectionSet
        ? { ...selection, selectionSet: this.settle(selection.selectionSet) }
        : selection;
    }
    if (this.labels.length >= MAX_PARTS) return withoutDefer(selection);
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const directives = this.#directives(selection.directives);
      return { ...selection, directives, selectionSet: this.settle(selection.selectionSet) };
    }
    const fragment = this.#fragments.get(selection.name.value);
    const isDeferred = this.#valuesOf(selection.directives) !== null;
    if (!fragment || !(isDeferred || this.#defers(fragment))) return withoutDefer(selection);
    const { typeCondition, selectionSet } = fragment;
    const directives = this.#directives(selection.directives);
    return { kind: Kind.INLINE_FRAGMENT, typeCondition, directives, selectionSet: this.settle(selectionSet) };
  }

  #directives(directives: readonly DirectiveNode[] = []): DirectiveNode[] {
    const values = this.#valuesOf(directives);
    const others = directives.filter(({ name }) => name.value !== DEFER);
    if (!values) return others;
    const number = this.labels.push(values.label ?? undefined) - 1;
    return [...others, deferAs(String(number))];
  }

  /** The arguments of a `@defer` that is meant; null when there is none. */
  #valuesOf(directives: readonly DirectiveNode[] = []): { label?: string | null } | null {
    const values = getDirectiveValues(GraphQLDeferDirective, { directives }, this.#values);
    return values?.if === true ? values : null;
  }

  /**
   * Whether something is deferred in a fragment, or in one that it spreads. Others stay fragments: how much is written out
   * is then bounded by the number of parts.
   */
  #defers({ name, selectionSet }: FragmentDefinitionNode): boolean {
    const known = this.#deferring.get(name.value);
    if (known !== undefined) return known;
    let defers = false;
    visit(selectionSet, {
      Directive: (directive) => {
        defers ||= this.#valuesOf([directive]) !== null;
      },
      FragmentSpread: (spread) => {
        const fragment = this.#fragments.get(spread.name.value);
        defers ||= fragment !== undefined && this.#defers(fragment);
      },
    });
    this.#deferring.set(name.value, defers);
    return defers;
  }
}

const withoutDefer = <Node extends DocumentNode | SelectionNode | FragmentDefinitionNode>(node: Node): Node =>
  visit(node, { Directive: ({ name }) => (name.value === DEFER ? null : undefined) });

/** The number that `settle` gave to a fragment that is deferred; undefined for others. */
export function partNumber(directives: readonly DirectiveNode[] = []): string | undefined {
  const label = directives.find(({ name }) => name.value === DEFER)?.arguments?.[0]?.value;
  return label?.kind === Kind.STRING ? label.value : undefined;
}

const deferAs = (label: string): DirectiveNode => ({
  kind: Kind.DIRECTIVE,
  name: { kind: Kind.NAME, value: DEFER },
  arguments: [
    {
      kind: Kind.ARGUMENT,
      name: { kind: Kind.NAME, value: 'label' },
      value: { kind: Kind.STRING, value: label },
    },
  ],
});
