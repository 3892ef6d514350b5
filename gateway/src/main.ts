import './telemetry/no-usage-reports.ts';
import { exitWith, runService } from '@tributary/platform';
import { environmentOf, GATEWAY_HELP } from './cli/arguments.ts';

function environment() {
  try {
    return environmentOf(process.argv.slice(2), process.env);
  } catch (error) {
    return exitWith(error);
  }
}

const env = environment();
if (env) {
  // Loaded only now: asking for help should not take a second.
  const { readSettings, startGateway } = await import('./index.ts');
  await runService(async () => startGateway(readSettings(env)));
} else {
  process.stdout.write(GATEWAY_HELP);
}
