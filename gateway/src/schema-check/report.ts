import type { PersistedOperation } from '../persisted-operations/manifest.ts';
import type { SchemaChange } from './changes.ts';

const nameOf = ({ name, id }: PersistedOperation) => name ?? id;

/**
 * The changes for people, a line each.
 *
 * @param known - whether operations of clients are known
 */
export function changesTable(changes: readonly SchemaChange[], known: boolean): string {
  if (changes.length === 0) return 'no changes\n';
  const rows = changes.map((change) => [
    change.fails ? 'fails' : 'ok',
    change.level,
    change.change,
    change.path,
    change.message,
    remarkOn(change, known),
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map(([fails = '', level = '', change = '', path = '', message = '', remark = '']) =>
    [
      ...[fails, level, change, path].map((text, column) => text.padEnd(widths[column] ?? 0)),
      remark === '' ? message : `${message} (${remark})`,
    ].join('  '),
  );
  return `${lines.join('\n')}\n`;
}

function remarkOn({ level, usedBy, hadNotice, allowed }: SchemaChange, known: boolean): string {
  if (level === 'safe') return '';
  const usage = usedBy.length > 0 ? `used by ${usedBy.map(nameOf).join(', ')}` : 'unused by the manifests';
  return [
    known ? usage : '',
    hadNotice ? 'was deprecated' : '',
    allowed === null ? '' : `allowed: ${allowed}`,
  ]
    .filter(Boolean)
    .join('; ');
}
