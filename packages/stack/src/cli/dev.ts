import { styleText } from 'node:util';
import { createLogger, runService } from '@tributary/platform';
import { startDev } from '../dev/start-dev.ts';
import { summaryTable } from '../summary.ts';
import { helpWanted } from './arguments.ts';
import { STACK_SETTINGS_HELP } from './help.ts';

const HELP = `Usage: npm run dev

Starts the whole graph from its sources, each service in a process of its own, and starts again what you change:

  subgraphs/NAME/schema.graphql   composed first; when it composes, the gateway swaps the supergraph and the
                                  subgraph starts again, without a failed request; else the old one goes on
  subgraphs/NAME/src, gateway/src, packages   the services that use it
  prisma/NAME/schema.prisma       the Prisma client, and the service
  prisma/NAME/migrations          applied, then the service

${STACK_SETTINGS_HELP}`;

if (helpWanted()) {
  process.stdout.write(HELP);
} else {
  await runService(async (stopping) => {
    const dev = await startDev(process.env, stopping, printLine);
    const { ground, url, adminUrl, subgraphs } = dev;
    const table = summaryTable({
      url,
      adminUrl,
      subgraphs,
      postgres: ground.databases.description,
      redis: ground.redis.description,
      payments: ground.payments.description,
      seeded: ground.settings.SEED_SCALE > 0,
    });
    process.stdout.write(`\n${table}\n\nReady, and watching. Ctrl-C ends everything.\n`);
    return {
      ...ground.settings,
      logger: createLogger({ name: 'dev', ...ground.settings }),
      close: dev.close,
    };
  });
}

function printLine(name: string, line: string): void {
  process.stdout.write(`${styleText('cyan', name.padEnd(10))} ${line}\n`);
}
