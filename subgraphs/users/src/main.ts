import { runService } from '@tributary/platform';
import { readSettings } from './config.ts';
import { startUsers } from './start.ts';

await runService(async () => startUsers(readSettings(process.env)));
