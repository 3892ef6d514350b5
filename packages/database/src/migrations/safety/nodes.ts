import type { AlterTableCmd, ColumnDef, Constraint, Node, RangeVar } from 'libpg-query';

/** A table's name as it was written, without quotes. */
export const tableName = (table: RangeVar | undefined) =>
  [table?.schemaname, table?.relname].filter((part) => part !== undefined).join('.');

/** The text of a list of names, such as `public.orders`. */
export const dotted = (names: readonly Node[] = []) =>
  names.flatMap((name) => ('String' in name ? [name.String.sval] : [])).join('.');

/** The single changes of an ALTER TABLE, with the table's name; none for other statements. */
export function tableChanges(node: Node): { table: string; change: AlterTableCmd }[] {
  if (!('AlterTableStmt' in node)) return [];
  const { relation, cmds = [] } = node.AlterTableStmt;
  const table = tableName(relation);
  return cmds.flatMap((cmd) => ('AlterTableCmd' in cmd ? [{ table, change: cmd.AlterTableCmd }] : []));
}

/** The columns that a statement adds to a table, with what each is to be. */
export const addedColumns = (node: Node): { table: string; column: ColumnDef; constraints: Constraint[] }[] =>
  tableChanges(node).flatMap(({ table, change: { subtype, def } }) =>
    subtype === 'AT_AddColumn' && def && 'ColumnDef' in def
      ? [{ table, column: def.ColumnDef, constraints: constraintsAmong(def.ColumnDef.constraints) }]
      : [],
  );

/** The constraints that a statement adds to a table, also those that come with a new column. */
export const addedConstraints = (node: Node): { table: string; constraint: Constraint }[] => [
  ...tableChanges(node).flatMap(({ table, change: { subtype, def } }) =>
    subtype === 'AT_AddConstraint' && def && 'Constraint' in def
      ? [{ table, constraint: def.Constraint }]
      : [],
  ),
  ...addedColumns(node).flatMap(({ table, constraints }) =>
    constraints
      .filter(({ contype }) => contype !== 'CONSTR_NOTNULL')
      .map((constraint) => ({ table, constraint })),
  ),
];

/** The constraints of a list of parts of a table or column. */
export const constraintsAmong = (nodes: readonly Node[] = []) =>
  nodes.flatMap((node) => ('Constraint' in node ? [node.Constraint] : []));

/** Every part of a given type in a statement, at any depth. */
export function nested(node: unknown, type: string): Record<string, unknown>[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => [
    ...(key === type ? [value as Record<string, unknown>] : []),
    ...nested(value, type),
  ]);
}
