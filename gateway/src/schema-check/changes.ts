import { CriticalityLevel, DiffRule, diff } from '@graphql-inspector/core';
import { GraphQLError, type GraphQLSchema, parse } from 'graphql';
import type { PersistedOperation } from '../persisted-operations/manifest.ts';
import type { AllowedChange } from './allowed.ts';
import { knownPart } from './coordinates.ts';
import { noticeIn } from './notice.ts';
import { usedCoordinates } from './usage.ts';

/** What a change can do to clients that are already built. */
export type Level = 'breaking' | 'dangerous' | 'safe';

/** A difference between what clients saw and what they will see. */
export interface SchemaChange {
  level: Level;
  /** The kind, such as `FIELD_REMOVED`. */
  change: string;
  /** What changes, as a schema coordinate; empty for the schema itself. */
  path: string;
  message: string;
  /** The operations of clients that depend on what changes. */
  usedBy: readonly PersistedOperation[];
  /** Whether it was deprecated before, or could be reached by way of what was deprecated only. */
  hadNotice: boolean;
  /** Why it is let through although it breaks. */
  allowed: string | null;
  /** Whether it is refused. */
  fails: boolean;
}

/** What is compared, and with regard to what. */
export interface ComparedSchemas {
  /** What clients see of the last release. */
  before: GraphQLSchema;
  after: GraphQLSchema;
  /** What clients were built with; none when it is not known. */
  operations: readonly PersistedOperation[];
  allowed: readonly AllowedChange[];
}

const LEVELS: Record<CriticalityLevel, Level> = {
  [CriticalityLevel.Breaking]: 'breaking',
  [CriticalityLevel.Dangerous]: 'dangerous',
  [CriticalityLevel.NonBreaking]: 'safe',
};
/** Texts change nothing for clients, and of what is new it is enough to say that it is there. */
const RULES = [DiffRule.ignoreDescriptionChanges, DiffRule.simplifyChanges];
const ORDER: readonly Level[] = ['breaking', 'dangerous', 'safe'];

/**
 * Compares schemas. A breaking change fails, unless it is allowed by name, or clients had notice of it and none of the
 * operations that are known uses it; where no operations are known, notice alone is not enough.
 *
 * @returns those that fail first, then those that break
 */
export async function compareSchemas(compared: ComparedSchemas): Promise<SchemaChange[]> {
  const { before, after, operations, allowed } = compared;
  const uses = operations.map((operation) => ({ operation, used: coordinatesOf(before, operation) }));
  const hasNotice = noticeIn(before);
  const changes = (await diff(before, after, RULES)).map(
    ({ type, criticality, message, path = '' }): SchemaChange => {
      const level = LEVELS[criticality.level];
      const part = knownPart(before, path);
      const usedBy = uses
        .filter(({ used }) => path === '' || (part !== undefined && used.has(part)))
        .map(({ operation }) => operation);
      const hadNotice = hasNotice(path);
      const reason = allowed.find((one) => one.change === type && one.path === path)?.reason ?? null;
      const isGone = hadNotice && operations.length > 0 && usedBy.length === 0;
      const fails = level === 'breaking' && reason === null && !isGone;
      return { level, change: type, path, message, usedBy, hadNotice, allowed: reason, fails };
    },
  );
  return changes.sort(
    (one, other) =>
      Number(other.fails) - Number(one.fails) ||
      ORDER.indexOf(one.level) - ORDER.indexOf(other.level) ||
      one.path.localeCompare(other.path) ||
      one.change.localeCompare(other.change),
  );
}

/** Of an operation that cannot be parsed, the check of operations tells. */
function coordinatesOf(schema: GraphQLSchema, { body }: PersistedOperation): ReadonlySet<string> {
  try {
    return usedCoordinates(schema, parse(body));
  } catch (error) {
    if (error instanceof GraphQLError) return new Set();
    throw error;
  }
}
