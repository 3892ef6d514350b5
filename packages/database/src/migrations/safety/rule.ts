import type { MigrationContext } from './context.ts';
import type { Statement } from './parse-migration.ts';

/** What may not be in a migration while the shop is open. */
export interface Rule {
  /** What goes wrong. */
  why: string;
  /** What to write. */
  instead: string;
  /**
   * Looks at one statement.
   *
   * @param context - what came before it
   * @returns what it does that it may not, such as `orders.note`; empty where all is well
   */
  broken(statement: Statement, context: MigrationContext): string[];
}

/** Rules by the name that markers and messages call them by. */
export type Rules = Readonly<Record<string, Rule>>;
