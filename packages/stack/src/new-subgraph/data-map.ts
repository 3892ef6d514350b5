import type { Names } from './names.ts';

/**
 * `prisma/data-map.yaml` with what the template's tables know of people. The text is edited, as the parsed file would lose
 * its anchors and comments.
 */
export const withDataMap = (text: string, { name, Type }: Names): string => `${text.trimEnd()}

${name}:
  ${Type}:
    retention: { because: until it is deleted }
    none: [id, title, createdAt, updatedAt]
  AuditEntry:
    for: showing who did what to whom
    retention: { because: for ever }
    export: not exported
    erase: stays; it has ids and no names
    personal: [at, action, actorRole, details]
    reference: [actorId, subjectId]
    none: [id, service, subjectType, requestId]
  DomainEvent: *event
  DomainEventRefusal: *refusal
  DomainEventSwitch: *switch
`;
