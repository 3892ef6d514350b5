import { runService } from '@tributary/platform';
import { readSettings } from './config.ts';
import { startProducts } from './start.ts';

await runService(async () => startProducts(readSettings(process.env)));
