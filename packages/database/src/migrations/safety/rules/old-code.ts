import { dotted, tableChanges, tableName } from '../nodes.ts';
import type { Rules } from '../rule.ts';

/** What code that is still running may be using. */
export const OLD_CODE_RULES: Rules = {
  drop: {
    why: 'code that is still running uses it: during a rollout, and after one is taken back',
    instead:
      'take it out of the schema and the code first; drop it with a later release, once no process uses it',
    broken: ({ node }, context) => [
      ...tableChanges(node)
        .filter(({ table, change }) => change.subtype === 'AT_DropColumn' && context.isInUse(table))
        .map(({ table, change }) => `${table}.${change.name}`),
      ...('DropStmt' in node && USED_BY_CODE.has(node.DropStmt.removeType ?? '')
        ? (node.DropStmt.objects ?? [])
            .map((object) => {
              if ('List' in object) return dotted(object.List.items);
              if ('ObjectWithArgs' in object) return `${dotted(object.ObjectWithArgs.objname)}()`;
              return 'TypeName' in object ? dotted(object.TypeName.names) : '';
            })
            .filter((name) => context.isInUse(name))
        : []),
    ],
  },
  rename: {
    why: 'code that is still running knows the old name only',
    instead:
      'add what has the new name, write both, fill it in batches, switch reads, and drop the old one later',
    broken: ({ node }, context) => {
      if ('RenameStmt' in node) {
        const { renameType, relation, subname, newname } = node.RenameStmt;
        if (!KNOWN_TO_CODE.has(renameType ?? '') || !context.isInUse(relation)) return [];
        return [`${[tableName(relation), subname].filter(Boolean).join('.')} to ${newname}`];
      }
      if ('AlterObjectSchemaStmt' in node)
        return [`${tableName(node.AlterObjectSchemaStmt.relation)} to another schema`];
      if ('AlterEnumStmt' in node && node.AlterEnumStmt.oldVal) {
        return [`${dotted(node.AlterEnumStmt.typeName)} ${node.AlterEnumStmt.oldVal}`];
      }
      return [];
    },
  },
};

const USED_BY_CODE = new Set(
  ['TABLE', 'VIEW', 'MATVIEW', 'TYPE', 'FUNCTION', 'PROCEDURE', 'SEQUENCE', 'SCHEMA'].map(
    (type) => `OBJECT_${type}`,
  ),
);
const KNOWN_TO_CODE = new Set(
  ['COLUMN', 'TABLE', 'VIEW', 'TYPE', 'FUNCTION', 'PROCEDURE', 'SEQUENCE', 'SCHEMA'].map(
    (type) => `OBJECT_${type}`,
  ),
);
