import type { Node, RangeVar } from 'libpg-query';
import { addedConstraints, tableChanges, tableName } from './nodes.ts';
import type { Statement } from './parse-migration.ts';

/** A CHECK of the form `column IS NOT NULL`. */
interface NotNullCheck {
  column: string;
  /** All rows were looked at. */
  valid: boolean;
}

/**
 * What earlier migrations left that a later one may rely on: a column whose CHECK says that it is never null can be
 * made NOT NULL without reading the table.
 */
export class History {
  readonly #checks = new Map<string, NotNullCheck>();

  /** Whether a valid CHECK says that the column is never null. */
  isNeverNull(table: string, column: string): boolean {
    return [...this.#checks].some(
      ([key, check]) => key.startsWith(`${table} `) && check.column === column && check.valid,
    );
  }

  /** Takes note of a statement. */
  see({ node }: Statement): void {
    for (const { table, constraint } of addedConstraints(node)) {
      const column = neverNullColumn(constraint.raw_expr);
      if (constraint.contype !== 'CONSTR_CHECK' || !constraint.conname || column === undefined) continue;
      this.#checks.set(`${table} ${constraint.conname}`, { column, valid: !constraint.skip_validation });
    }
    for (const { table, change } of tableChanges(node)) {
      const key = `${table} ${change.name}`;
      const check = this.#checks.get(key);
      if (change.subtype === 'AT_DropConstraint') this.#checks.delete(key);
      if (change.subtype === 'AT_ValidateConstraint' && check) check.valid = true;
    }
  }
}

/** What a rule may know of the migration that a statement is in. */
export class MigrationContext {
  /** How many statements the migration has: PostgreSQL makes several one transaction. */
  readonly statements: number;
  readonly history: History;
  /** Constraints that this migration added as NOT VALID, as `table constraint`. */
  readonly notValid = new Set<string>();
  /** Locks are waited for only so long. */
  lockTimeout = false;
  readonly #made = new Set<string>();

  constructor(statements: number, history: History) {
    this.statements = statements;
    this.history = history;
  }

  /** Whether a table was there before this migration, so that somebody may be using it. */
  isInUse(table: RangeVar | string | undefined): boolean {
    return !this.#made.has(typeof table === 'string' ? table : tableName(table));
  }

  /** Takes note of a statement, after it was judged. */
  see(statement: Statement): void {
    const { node } = statement;
    const made = tableMadeBy(node);
    if (made) this.#made.add(tableName(made));
    if ('VariableSetStmt' in node && node.VariableSetStmt.name === 'lock_timeout') {
      this.lockTimeout = node.VariableSetStmt.is_local === true && !isZero(node.VariableSetStmt.args?.[0]);
    }
    for (const { table, constraint } of addedConstraints(node)) {
      if (constraint.skip_validation) this.notValid.add(`${table} ${constraint.conname}`);
    }
    this.history.see(statement);
  }
}

function tableMadeBy(node: Node): RangeVar | undefined {
  if ('CreateStmt' in node && !node.CreateStmt.if_not_exists) return node.CreateStmt.relation;
  if ('CreateTableAsStmt' in node) return node.CreateTableAsStmt.into?.rel;
  return undefined;
}

/** The column of `column IS NOT NULL`. */
function neverNullColumn(expression: Node | undefined): string | undefined {
  if (!expression || !('NullTest' in expression)) return undefined;
  const { arg, nulltesttype } = expression.NullTest;
  if (nulltesttype !== 'IS_NOT_NULL' || !arg || !('ColumnRef' in arg)) return undefined;
  const [field] = arg.ColumnRef.fields ?? [];
  return field && 'String' in field ? field.String.sval : undefined;
}

/** `0` and `'0'` mean to wait for ever. */
const isZero = (value: Node | undefined) =>
  value !== undefined &&
  'A_Const' in value &&
  (value.A_Const.sval === undefined
    ? !value.A_Const.ival?.ival
    : /^0\s*[a-z]*$/.test(value.A_Const.sval.sval ?? ''));
