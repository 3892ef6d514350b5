import { runService } from '@tributary/platform';
import { readSettings } from './config.ts';
import { startMonolith } from './start.ts';

await runService(async () => startMonolith(readSettings(process.env)));
