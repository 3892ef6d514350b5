import type { Node } from 'libpg-query';
import { constraintsAmong, dotted, nested, tableName } from '../nodes.ts';
import type { Rules } from '../rule.ts';

/** How a migration runs as a whole. */
export const TRANSACTION_RULES: Rules = {
  'lock-timeout': {
    why: 'while it waits for one long query, everybody who comes after it waits as well',
    instead: "begin the migration with SET LOCAL lock_timeout = '3s'; when that fails, it is tried again",
    broken: ({ node }, context) =>
      context.lockTimeout || isConcurrent(node)
        ? []
        : [...new Set(lockedTables(node))].filter((table) => context.isInUse(table)),
  },
  'transaction-control': {
    why: 'a migration is one transaction; with BEGIN or COMMIT in it, what failed half-way would stay half done',
    instead: 'write one migration for each transaction',
    broken: ({ node }) => ('TransactionStmt' in node ? ['BEGIN, COMMIT, ROLLBACK or SAVEPOINT'] : []),
  },
};

/** It waits too, but nobody waits for it. */
const isConcurrent = (node: Node) =>
  nested(node, 'PartitionCmd').some(({ concurrent }) => concurrent === true);

/** Tables that a statement keeps others from, if only for a moment. */
function lockedTables(node: Node): string[] {
  if ('AlterTableStmt' in node) return [tableName(node.AlterTableStmt.relation), ...referenced(node)];
  if ('RenameStmt' in node && node.RenameStmt.relation) return [tableName(node.RenameStmt.relation)];
  if ('CreateTrigStmt' in node) return [tableName(node.CreateTrigStmt.relation)];
  if ('LockStmt' in node || 'TruncateStmt' in node)
    return nested(node, 'RangeVar').map((table) => tableName(table));
  if ('CreateStmt' in node) {
    const parents = node.CreateStmt.partbound ? nested(node.CreateStmt.inhRelations, 'RangeVar') : [];
    return [...parents.map((table) => tableName(table)), ...referenced(node)];
  }
  if ('DropStmt' in node && !node.DropStmt.concurrent) {
    const { objects = [], removeType } = node.DropStmt;
    const names = objects.map((object) => ('List' in object ? object.List.items : undefined));
    if (removeType === 'OBJECT_TABLE') return names.map((name) => dotted(name));
    if (removeType === 'OBJECT_TRIGGER') return names.map((name) => dotted(name?.slice(0, -1)));
  }
  return [];
}

/** Tables that foreign keys of a statement lead to. */
const referenced = (node: Node) =>
  constraintsAmong(
    nested(node, 'Constraint').map((constraint) => ({ Constraint: constraint }) as Node),
  ).flatMap(({ pktable }) => (pktable ? [tableName(pktable)] : []));
