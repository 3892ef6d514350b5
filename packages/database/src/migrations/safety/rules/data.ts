import type { RangeVar } from 'libpg-query';
import { dotted, nested, tableChanges, tableName } from '../nodes.ts';
import type { Rules } from '../rule.ts';

/** What works on all rows of tables that are in use, or cannot be looked into. */
export const DATA_RULES: Rules = {
  'unbounded-write': {
    why: 'the rows stay locked until the migration ends, and the services that change them wait',
    instead:
      'write in batches outside of the migration, each a transaction of its own; a few rows are chosen by a subquery with LIMIT',
    broken: ({ node }, context) =>
      'CreateFunctionStmt' in node
        ? []
        : [
            ...['UpdateStmt', 'DeleteStmt']
              .flatMap((type) => nested(node, type))
              .filter(({ whereClause }) => nested(whereClause, 'limitCount').length === 0)
              .map(({ relation }) => relation as RangeVar),
            ...('TruncateStmt' in node ? nested(node.TruncateStmt, 'RangeVar') : []),
          ]
            .filter((table) => context.isInUse(table))
            .map((table) => tableName(table)),
  },
  'lock-table': {
    why: 'everybody who needs the table waits until the migration ends',
    instead: 'write the change so that old and new code may run at the same time, and leave LOCK out',
    broken: ({ node }, context) =>
      'LockStmt' in node
        ? nested(node, 'RangeVar')
            .filter((table) => context.isInUse(table))
            .map((table) => tableName(table))
        : [],
  },
  'rewrite-table': {
    why: 'the whole table or index is written anew while nobody can use it',
    instead: 'REINDEX … CONCURRENTLY, or pg_repack outside of the migrations',
    broken: ({ node }, context) => {
      if ('ClusterStmt' in node) return [`CLUSTER ${tableName(node.ClusterStmt.relation)}`];
      if ('VacuumStmt' in node && hasOption(node, 'full')) return ['VACUUM FULL'];
      if ('ReindexStmt' in node && !hasOption(node, 'concurrently')) {
        return [`REINDEX ${node.ReindexStmt.name ?? tableName(node.ReindexStmt.relation)}`];
      }
      return tableChanges(node)
        .filter(({ table, change }) => REWRITES.has(change.subtype ?? '') && context.isInUse(table))
        .map(({ table }) => table);
    },
  },
  'do-block': {
    why: 'what it runs is a text that this check does not read',
    instead: 'write statements, or say in a marker what it locks and for how long',
    broken: ({ node }) => {
      if ('DoStmt' in node) return ['DO'];
      return 'CallStmt' in node ? [`CALL ${dotted(node.CallStmt.funccall?.funcname)}`] : [];
    },
  },
};

const REWRITES = new Set([
  'AT_SetLogged',
  'AT_SetUnLogged',
  'AT_SetTableSpace',
  'AT_SetAccessMethod',
  'AT_SetExpression',
]);

const hasOption = (node: object, name: string) =>
  nested(node, 'DefElem').some(({ defname }) => defname === name);
