import type { Constraint, Node } from 'libpg-query';
import { addedColumns, dotted, nested, tableChanges } from '../nodes.ts';
import type { Rules } from '../rule.ts';

/** What is done to columns of tables that are in use. */
export const COLUMN_RULES: Rules = {
  'add-not-null-column': {
    why: 'code that is running inserts rows without the column, and rows that are there have no value for it',
    instead: 'add it with a constant DEFAULT, or without NOT NULL: fill it in batches, then make it NOT NULL',
    broken: ({ node }, context) =>
      addedColumns(node)
        .filter(({ table, constraints }) => context.isInUse(table) && has(constraints, 'CONSTR_NOTNULL'))
        .filter(({ constraints }) => !ownValue(constraints))
        .map(({ table, column }) => `${table}.${column.colname}`),
  },
  'rewriting-column': {
    why: 'a value that differs from row to row makes PostgreSQL write the whole table anew, and nobody can read it meanwhile',
    instead:
      'add it without a value, set the DEFAULT by a statement of its own, and fill the old rows in batches',
    broken: ({ node }, context) =>
      addedColumns(node)
        .filter(({ table }) => context.isInUse(table))
        .filter(
          ({ column, constraints }) =>
            SERIAL.test(dotted(column.typeName?.names)) || constraints.some(isPerRow),
        )
        .map(({ table, column }) => `${table}.${column.colname}`),
  },
  'change-type': {
    why: 'most changes of a type write the whole table anew, and code that is running may not take the new one',
    instead: 'add a column of the new type, write both, fill it in batches, and read it once it is filled',
    broken: ({ node }, context) => columnsOf(node, 'AT_AlterColumnType', context.isInUse.bind(context)),
  },
  'set-not-null': {
    why: 'PostgreSQL reads the whole table while nobody can use it',
    instead:
      'ADD CONSTRAINT name CHECK (column IS NOT NULL) NOT VALID; VALIDATE it in the next migration; SET NOT NULL, and DROP the constraint, in the one after that',
    broken: ({ node }, context) =>
      tableChanges(node)
        .filter(({ table, change }) => change.subtype === 'AT_SetNotNull' && context.isInUse(table))
        .filter(({ table, change }) => !context.history.isNeverNull(table, change.name ?? ''))
        .map(({ table, change }) => `${table}.${change.name}`),
  },
};

const columnsOf = (node: Node, subtype: string, isInUse: (table: string) => boolean) =>
  tableChanges(node)
    .filter(({ table, change }) => change.subtype === subtype && isInUse(table))
    .map(({ table, change }) => `${table}.${change.name}`);

const has = (constraints: readonly Constraint[], type: Constraint['contype']) =>
  constraints.some(({ contype }) => contype === type);

/** Whether rows get a value without anybody giving one. */
const ownValue = (constraints: readonly Constraint[]) =>
  (['CONSTR_DEFAULT', 'CONSTR_GENERATED', 'CONSTR_IDENTITY'] as const).some((type) => has(constraints, type));

const SERIAL = /^(?:pg_catalog\.)?(?:small|big)?serial[248]?$/;

/** Functions with one value for all rows of a statement, which PostgreSQL keeps once for the table. */
const SAME_FOR_ALL = new Set([
  'now',
  'transaction_timestamp',
  'statement_timestamp',
  'lower',
  'upper',
  'to_jsonb',
]);

function isPerRow({ contype, generated_kind, raw_expr }: Constraint): boolean {
  if (contype === 'CONSTR_IDENTITY') return true;
  if (contype === 'CONSTR_GENERATED') return generated_kind !== 'v';
  if (contype !== 'CONSTR_DEFAULT') return false;
  return nested(raw_expr, 'FuncCall').some(
    ({ funcname }) => !SAME_FOR_ALL.has(dotted(funcname as Node[]).replace(/^pg_catalog\./, '')),
  );
}
