import type { Node } from 'libpg-query';
import { dotted, nested, tableName } from '../nodes.ts';
import type { Rules } from '../rule.ts';

/** Indexes of tables that are in use. */
export const INDEX_RULES: Rules = {
  'create-index': {
    why: 'nobody can write to the table until the index is built',
    instead: 'CREATE INDEX CONCURRENTLY, as the only statement of a migration',
    broken: ({ node }, context) =>
      'IndexStmt' in node && !node.IndexStmt.concurrent && context.isInUse(node.IndexStmt.relation)
        ? [`${tableName(node.IndexStmt.relation)} ${node.IndexStmt.idxname ?? ''}`.trim()]
        : [],
  },
  'drop-index': {
    why: 'it waits for everybody who uses the table, and everybody after it waits as well',
    instead: 'DROP INDEX CONCURRENTLY, as the only statement of a migration',
    broken: ({ node }) =>
      'DropStmt' in node && node.DropStmt.removeType === 'OBJECT_INDEX' && !node.DropStmt.concurrent
        ? (node.DropStmt.objects ?? []).map((object) => ('List' in object ? dotted(object.List.items) : ''))
        : [],
  },
  'concurrently-alone': {
    why: 'several statements are one transaction, in which PostgreSQL refuses CONCURRENTLY and VACUUM',
    instead: 'put it into a migration that has no other statement, not even SET',
    broken: ({ node }, { statements }) =>
      statements > 1 && needsNoTransaction(node) ? ['CONCURRENTLY'] : [],
  },
  'concurrently-if-not-exists': {
    why: 'a build that failed leaves an invalid index of that name, which the next try would take for the real one',
    instead: 'leave IF NOT EXISTS out; after a failure, DROP INDEX CONCURRENTLY what is left, and try again',
    broken: ({ node }) =>
      'IndexStmt' in node && node.IndexStmt.concurrent && node.IndexStmt.if_not_exists
        ? [node.IndexStmt.idxname ?? '']
        : [],
  },
};

const needsNoTransaction = (node: Node) =>
  ('IndexStmt' in node && node.IndexStmt.concurrent === true) ||
  ('DropStmt' in node && node.DropStmt.concurrent === true) ||
  'VacuumStmt' in node ||
  nested(node, 'PartitionCmd').some(({ concurrent }) => concurrent === true) ||
  ('ReindexStmt' in node && nested(node, 'DefElem').some(({ defname }) => defname === 'concurrently'));
