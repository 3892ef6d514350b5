import { runService } from '@tributary/platform';
import { readSettings } from './config.ts';
import { startSingleProcess } from './start.ts';

await runService(async () => startSingleProcess(readSettings(process.env)));
