import { runService } from '@tributary/platform';
import { readSettings } from './config.ts';
import { start } from './start.ts';

await runService(async () => start(readSettings(process.env)));
