import { runService } from '@tributary/platform';
import { readSettings } from './config.ts';
import { startOrders } from './start.ts';

await runService(async () => startOrders(readSettings(process.env)));
