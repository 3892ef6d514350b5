export { describeProblem, type MigrationProblem, migrationProblems } from './check-migrations.ts';
export { landedMigrations } from './landed.ts';
export { RULES } from './rules.ts';
