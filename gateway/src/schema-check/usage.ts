import {
  type DocumentNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/**
 * Collects the schema coordinates that an operation depends on. Where it cannot be known, such as which fields of an input
 * a variable will have, all that are possible count.
 *
 * @param document - valid in this schema, or at least where it is, counted
 */
export function usedCoordinates(schema: GraphQLSchema, document: DocumentNode): ReadonlySet<string> {
  const used = new Set<string>();
  const info = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(info, {
      Field() {
        const [parent, field] = [info.getParentType(), info.getFieldDef()];
        if (!parent || !field || field.name.startsWith('__')) return;
        const owners = isAbstractType(parent) ? [parent, ...schema.getPossibleTypes(parent)] : [parent];
        for (const { name } of owners) used.add(name).add(`${name}.${field.name}`);
        addOutput(getNamedType(field.type), used);
      },
      Argument() {
        const [parent, field, argument] = [info.getParentType(), info.getFieldDef(), info.getArgument()];
        if (!argument) return;
        const directive = info.getDirective();
        used.add(
          directive ? `@${directive.name}.${argument.name}` : `${parent}.${field?.name}.${argument.name}`,
        );
        used.add(getNamedType(argument.type).name);
      },
      Directive({ name }) {
        used.add(`@${name.value}`);
      },
      ObjectField({ name }) {
        const input = getNamedType(info.getParentInputType());
        if (input) used.add(input.name).add(`${input.name}.${name.value}`);
      },
      EnumValue({ value }) {
        const type = getNamedType(info.getInputType());
        if (isEnumType(type)) used.add(type.name).add(`${type.name}.${value}`);
      },
      VariableDefinition({ type }) {
        const named = getNamedType(typeFromAST(schema, type as Parameters<typeof typeFromAST>[1]));
        if (named) addInput(named, used);
      },
      InlineFragment({ typeCondition }) {
        if (typeCondition) used.add(typeCondition.name.value);
      },
      FragmentDefinition({ typeCondition }) {
        used.add(typeCondition.name.value);
      },
    }),
  );
  return used;
}

/** An answer may have any value of an enum. */
function addOutput(type: GraphQLNamedType, used: Set<string>): void {
  used.add(type.name);
  if (isEnumType(type)) for (const { name } of type.getValues()) used.add(`${type.name}.${name}`);
}

/** A variable may have any field of an input, and any value of an enum. */
function addInput(type: GraphQLNamedType, used: Set<string>): void {
  if (isInputObjectType(type)) {
    if (used.has(`${type.name}.*`)) return;
    used.add(type.name).add(`${type.name}.*`);
    for (const field of Object.values(type.getFields())) {
      used.add(`${type.name}.${field.name}`);
      addInput(getNamedType(field.type), used);
    }
  } else {
    addOutput(type, used);
  }
}
