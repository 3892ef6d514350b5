import { migrationFile, readMigrations } from '../migration-files.ts';
import { History, MigrationContext } from './context.ts';
import { type Marker, MigrationSyntaxError, parseMigration, type Statement } from './parse-migration.ts';
import { RULES } from './rules.ts';

/** Something in a migration that would stop the shop, or break code that is running. */
export interface MigrationProblem {
  file: string;
  /** From 1. */
  line: number;
  /** The rule's name, or `marker` and `syntax` for what is no rule. */
  rule: string;
  /** What is wrong, why, and what to do instead; one line. */
  message: string;
}

/**
 * Looks for statements that lock a table for long, or break code that is running, in migrations that have not landed.
 * PostgreSQL's own parser reads them; what functions do inside is not looked at.
 *
 * @param schemaDir - the folder with `migrations/`
 * @param landed - names of migrations that are not judged, as nobody can change them any more
 */
export async function migrationProblems(
  schemaDir: string,
  landed: readonly string[] = [],
): Promise<MigrationProblem[]> {
  const { migrationDirectories } = await readMigrations(schemaDir);
  const history = new History();
  const problems: MigrationProblem[] = [];
  for (const { path: name, migrationFile: read } of migrationDirectories) {
    const found = await problemsIn(migrationFile(schemaDir, name), read.content.value, history);
    if (!landed.includes(name)) problems.push(...found);
  }
  return problems;
}

/** A problem as a compiler writes it, so that editors find the place. */
export const describeProblem = ({ file, line, rule, message }: MigrationProblem) =>
  `${file}:${line}: ${rule}: ${message}`;

async function problemsIn(file: string, sql: string, history: History): Promise<MigrationProblem[]> {
  try {
    const statements = await parseMigration(sql);
    const context = new MigrationContext(statements.length, history);
    return statements.flatMap((statement) => {
      const problems = judge(statement, context);
      context.see(statement);
      return problems.map((problem) => ({ file, ...problem }));
    });
  } catch (error) {
    if (!(error instanceof MigrationSyntaxError)) throw error;
    return [{ file, line: error.line, rule: 'syntax', message: error.message }];
  }
}

type Place = Omit<MigrationProblem, 'file'>;

function judge(statement: Statement, context: MigrationContext): Place[] {
  const { line, markers } = statement;
  const broken = Object.entries(RULES).flatMap(([rule, { why, instead, broken }]) => {
    const about = broken(statement, context);
    if (about.length === 0) return [];
    return [{ line, rule, message: `${about.join(', ')}: ${why}. Instead: ${instead}` }];
  });
  return [
    ...broken.filter(({ rule }) => !markers.some((marker) => marker.rule === rule)),
    ...markers.flatMap((marker) => badMarker(marker, broken)),
  ];
}

/** A marker that says nothing, or that nothing needs, would hide what is written under it later. */
function badMarker({ rule, reason, line }: Marker, broken: readonly Place[]): Place[] {
  const bad = (message: string) => [{ line, rule: 'marker', message }];
  if (!Object.hasOwn(RULES, rule)) return bad(`there is no rule "${rule}"; write: -- safe: RULE: reason`);
  if (reason === '') return bad(`say why it is safe here: -- safe: ${rule}: reason`);
  return broken.some((problem) => problem.rule === rule)
    ? []
    : bad(`the statement does not break "${rule}"; take the marker out`);
}
