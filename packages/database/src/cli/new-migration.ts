import { newMigrationCommand } from './new-migration-command.ts';
import { runCli } from './run-cli.ts';

await runCli(newMigrationCommand);
