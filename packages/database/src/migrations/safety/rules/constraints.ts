import { addedConstraints, tableChanges } from '../nodes.ts';
import type { Rules } from '../rule.ts';

/** Constraints on tables that are in use. */
export const CONSTRAINT_RULES: Rules = {
  'add-constraint': {
    why: 'PostgreSQL looks at every row while nobody can write, in both tables for a foreign key',
    instead: 'ADD CONSTRAINT … NOT VALID, and ALTER TABLE … VALIDATE CONSTRAINT in the next migration',
    broken: ({ node }, context) =>
      addedConstraints(node)
        .filter(({ table }) => context.isInUse(table))
        .filter(
          ({ constraint: { contype, skip_validation } }) =>
            LOOKS_AT_ROWS.has(contype ?? '') && !skip_validation,
        )
        .map(({ table, constraint }) => `${table} ${constraint.conname ?? ''}`.trim()),
  },
  'add-unique': {
    why: 'PostgreSQL builds the index while nobody can read or write the table',
    instead:
      'CREATE UNIQUE INDEX CONCURRENTLY in a migration of its own, then ADD CONSTRAINT … UNIQUE (or PRIMARY KEY) USING INDEX',
    broken: ({ node }, context) =>
      addedConstraints(node)
        .filter(({ table }) => context.isInUse(table))
        .filter(({ constraint: { contype, indexname } }) => HAS_INDEX.has(contype ?? '') && !indexname)
        .map(({ table, constraint }) => `${table} ${constraint.conname ?? ''}`.trim()),
  },
  'validate-apart': {
    why: 'a migration is one transaction: the lock of ADD CONSTRAINT is held for as long as the rows are looked at',
    instead: 'VALIDATE CONSTRAINT in the next migration',
    broken: ({ node }, context) =>
      tableChanges(node)
        .filter(({ change }) => change.subtype === 'AT_ValidateConstraint')
        .map(({ table, change }) => `${table} ${change.name}`)
        .filter((constraint) => context.notValid.has(constraint)),
  },
};

const LOOKS_AT_ROWS = new Set(['CONSTR_CHECK', 'CONSTR_FOREIGN', 'CONSTR_NOTNULL']);
const HAS_INDEX = new Set(['CONSTR_UNIQUE', 'CONSTR_PRIMARY', 'CONSTR_EXCLUSION']);
