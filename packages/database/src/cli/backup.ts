import { backupCommand } from './backup-command.ts';
import { runCli } from './run-cli.ts';

await runCli(backupCommand);
