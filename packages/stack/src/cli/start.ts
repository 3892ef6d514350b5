import { runService } from '@tributary/platform';
import { startStack } from '../start-stack.ts';
import { summaryTable } from '../summary.ts';
import { helpWanted } from './arguments.ts';
import { STACK_SETTINGS_HELP } from './help.ts';

const HELP = `Usage: npm start

Starts the whole graph on this machine: PostgreSQL, Redis where there is one, the subgraphs and the gateway.
The first start installs, builds and fills the databases; later ones keep the data. Ctrl-C ends everything.

${STACK_SETTINGS_HELP}`;

if (helpWanted()) {
  process.stdout.write(HELP);
} else {
  await runService(async (stopping) => {
    const stack = await startStack(process.env, stopping);
    const { gateway, ground, subgraphs } = stack;
    const table = summaryTable({
      url: gateway.url,
      adminUrl: gateway.adminUrl,
      subgraphs,
      postgres: ground.databases.description,
      redis: ground.redis.description,
      payments: ground.payments.description,
      seeded: ground.settings.SEED_SCALE > 0,
    });
    process.stdout.write(`\n${table}\n\nReady. Ctrl-C ends everything.\n`);
    return stack;
  });
}
