import { runService } from '@tributary/platform';
import { readSettings } from './config.ts';
import { startTestPayments } from './start.ts';

await runService(async () => startTestPayments(readSettings(process.env)));
