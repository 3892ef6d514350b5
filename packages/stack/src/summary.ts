import { DEMO_EMAILS, DEMO_PASSWORD } from '@tributary/prisma/seed';
import Table from 'cli-table3';

/** What to tell a person about a graph that has started. */
export interface Started {
  /** The gateway's address, without a path. */
  url: string;
  adminUrl: string;
  subgraphs: ReadonlyMap<string, string>;
  postgres: string;
  redis: string;
  payments: string;
  /** Whether the demo accounts are there. */
  seeded: boolean;
}

/** A table of addresses and accounts, for the end of `npm start`. */
export function summaryTable(started: Started): string {
  const table = new Table({ style: { head: [], border: [] } });
  table.push(
    ['GraphQL', `${started.url}/graphql`],
    ['Explorers', `${started.url}/graphql (Apollo Sandbox), ${started.url}/explorer (GraphiQL, offline)`],
    ['Health', `${started.url}/health/ready`],
    ['Metrics', `${started.adminUrl}/metrics`],
    ...[...started.subgraphs].map(([name, url]): [string, string] => [`Subgraph ${name}`, url]),
    ['PostgreSQL', started.postgres],
    ['Redis', started.redis],
    ['Payments', started.payments],
  );
  if (started.seeded) {
    table.push([
      'Demo accounts',
      `${DEMO_EMAILS.join('\n')}\n\npassword: ${DEMO_PASSWORD}\nan access token: npm run -s token -- ${DEMO_EMAILS[0]}`,
    ]);
  }
  return table.toString();
}
