import { exitWith, parseArguments, StartupError } from '@tributary/platform';
import { addSubgraph } from '../new-subgraph/add-subgraph.ts';
import { namesOf } from '../new-subgraph/names.ts';

const HELP = `Usage: npm run new:subgraph -- NAME [--type TYPE] [--no-install]

Makes a new subgraph with a database of its own, which already answers a list of one type:

  NAME          plural, of small letters and dashes, such as reviews or gift-cards
  --type TYPE   its first type; made from the name otherwise (reviews → Review)
  --no-install  do not run npm install; do it yourself before anything else

Then edit subgraphs/NAME/schema.graphql, and write its resolvers.
`;

try {
  await main();
} catch (error) {
  exitWith(error);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArguments({
    options: {
      help: { type: 'boolean', short: 'h' },
      type: { type: 'string' },
      'no-install': { type: 'boolean' },
    },
    allowPositionals: true,
  });
  if (values.help) return void process.stdout.write(HELP);
  const [name, ...more] = positionals;
  if (!name || more.length > 0)
    throw new StartupError('give one name, as in: npm run new:subgraph -- reviews');
  const names = namesOf(name, values.type);
  await addSubgraph(names, { install: !values['no-install'] });
  process.stdout.write(`
Made: subgraphs/${name}, prisma/${name}, and entries in supergraph.yaml (port ${names.PORT} on this machine) and
docker-compose.yml.

Next:
  1. npm run dev
  2. edit subgraphs/${name}/schema.graphql, and prisma/${name}/schema.prisma (npm run db:new -- ${name} WHAT_IT_ADDS)
  3. write resolvers in subgraphs/${name}/src/resolvers
`);
}
