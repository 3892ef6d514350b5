import { restoreCommand } from './restore-command.ts';
import { runCli } from './run-cli.ts';

await runCli(restoreCommand);
