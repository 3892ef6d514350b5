import { migrateCommand } from './migrate-command.ts';
import { runCli } from './run-cli.ts';

await runCli(migrateCommand);
