import { StartupError } from '@tributary/platform';
import type { Names } from './names.ts';

/**
 * `prisma/data-map.yaml` with what the template's tables know of people. The text is edited, as the parsed file would lose
 * its anchors and comments.
 */
export const withDataMap = (text: string, { name, Type }: Names): string => `${text.trimEnd()}

${name}:
  ${Type}:
    none: [id, title, createdAt, updatedAt]
  AuditEntry:
    for: ${AUDIT.purpose}
    kept: ${AUDIT.kept}
    export: ${AUDIT.exported}
    erase: ${AUDIT.erased}
    personal: [at, action, actorRole, details]
    reference: [actorId, subjectId]
    none: [id, service, subjectType, requestId]
  DomainEvent: *event
  DomainEventRefusal: *refusal
  DomainEventSwitch: *switch
`;

/** What is kept of people in the log of who did what. */
const AUDIT = {
  purpose: 'showing who did what to whom',
  kept: 'for ever',
  exported: 'not exported',
  erased: 'stays; it has ids and no names',
};

/**
 * `docs/privacy.md` with the rows of those tables in its table.
 *
 * @throws StartupError when the page is no longer of the form that this was written for
 */
export function withPrivacyRows(text: string, { name }: Names): string {
  const lines = text.split('\n');
  const last = lines.findLastIndex((line) => /^\| `[\w-]+\.\w+` \|/.test(line));
  const event = lines.find((line) => /^\| `[\w-]+\.DomainEvent` \|/.test(line));
  if (event === undefined)
    throw new StartupError(
      'docs/privacy.md has changed its form; add the tables by hand, as prisma/data-map.yaml has them',
    );
  const { purpose, kept, exported, erased } = AUDIT;
  const rows = [
    `| \`${name}.AuditEntry\` | \`at\`, \`action\`, \`actorRole\`, \`details\` | ${purpose} | ${kept} | ${exported} | ${erased} |`,
    event.replace(/`[\w-]+\.DomainEvent`/, `\`${name}.DomainEvent\``),
  ];
  return lines.toSpliced(last + 1, 0, ...rows).join('\n');
}
