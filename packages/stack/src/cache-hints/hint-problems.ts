import {
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type NamedTypeNode,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  type TypeNode,
} from 'graphql';
import { type Annotated, directiveOf, hintOf } from './hint.ts';

type ObjectType = ObjectTypeDefinitionNode | ObjectTypeExtensionNode;

/**
 * Says which hints of a subgraph's schema would have what depends on who asks kept for everybody. At run time such answers
 * become private as well: this is for who reads the schema, and believes it.
 *
 * @param owned - fields that an owner and others do not see alike, such as `User.email`
 * @returns a line for each, with its coordinate and what to write
 */
export function hintProblems(document: DocumentNode, owned: ReadonlySet<string>): string[] {
  const types = document.definitions.filter(
    (node): node is ObjectType =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION,
  );
  const ownedTypes = new Set([...owned].map((field) => field.split('.')[0] ?? '').filter(isNoRoot));
  return types.flatMap((type) => [
    ...problemsOf(type.name.value, type, reasonsOfType(type, ownedTypes)),
    ...(type.fields ?? []).flatMap((field) =>
      problemsOf(
        `${type.name.value}.${field.name.value}`,
        field,
        reasonsOfField(type, field, owned, ownedTypes),
      ),
    ),
  ]);
}

/** Who owns what a root field answers is a matter of that field. */
const isNoRoot = (type: string): boolean => !['Query', 'Mutation', 'Subscription'].includes(type);

function reasonsOfType(type: ObjectType, ownedTypes: ReadonlySet<string>): string[] {
  return [
    ...authorizationOf(type).map((name) => `it has @${name}`),
    ...(ownedTypes.has(type.name.value) ? ['it belongs to somebody, as the access matrix says'] : []),
  ];
}

function reasonsOfField(
  type: ObjectType,
  field: FieldDefinitionNode,
  owned: ReadonlySet<string>,
  ownedTypes: ReadonlySet<string>,
): string[] {
  const target = namedType(field.type).name.value;
  return [
    ...authorizationOf(field).map((name) => `it has @${name}`),
    ...authorizationOf(type).map((name) => `${type.name.value} has @${name}`),
    ...(owned.has(`${type.name.value}.${field.name.value}`)
      ? ['owners and others do not see it alike, as the access matrix says']
      : []),
    ...(ownedTypes.has(target) ? [`${target} belongs to somebody, as the access matrix says`] : []),
  ];
}

/** The directives of a field or a type that say who may see it. */
const authorizationOf = (node: Annotated): string[] =>
  ['authenticated', 'requiresScopes', 'policy'].filter((name) => directiveOf(node, name));

/** @param reasons - why it depends on who asks; none where it does not */
function problemsOf(coordinate: string, node: Annotated, reasons: readonly string[]): string[] {
  const hint = hintOf(node);
  if (!hint) return [];
  if (hint.scope !== null && !['PUBLIC', 'PRIVATE'].includes(hint.scope))
    return [`${coordinate}: the scope ${hint.scope} is ignored; write PUBLIC or PRIVATE`];
  const [reason] = reasons;
  if (reason === undefined || hint.maxAge === 0 || hint.scope === 'PRIVATE') return [];
  return [
    `${coordinate}: ${reason}, and may be kept for everybody; write @cacheControl(maxAge: ${hint.maxAge}, scope: PRIVATE)`,
  ];
}

const namedType = (type: TypeNode): NamedTypeNode =>
  type.kind === Kind.NAMED_TYPE ? type : namedType(type.type);
