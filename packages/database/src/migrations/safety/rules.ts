import type { Rules } from './rule.ts';
import { COLUMN_RULES } from './rules/columns.ts';
import { CONSTRAINT_RULES } from './rules/constraints.ts';
import { DATA_RULES } from './rules/data.ts';
import { INDEX_RULES } from './rules/indexes.ts';
import { OLD_CODE_RULES } from './rules/old-code.ts';
import { TRANSACTION_RULES } from './rules/transaction.ts';

/** All rules, by name; docs/migrations.md lists them. */
export const RULES: Rules = {
  ...INDEX_RULES,
  ...COLUMN_RULES,
  ...CONSTRAINT_RULES,
  ...OLD_CODE_RULES,
  ...DATA_RULES,
  ...TRANSACTION_RULES,
};
