import { exitWith, parseArguments, StartupError } from '@tributary/platform';
import { checkSchema } from '../schema-check/check-schema.ts';

const HELP = `Compares what clients see of the supergraph with the last release.

Usage: npm run schema -- check [--against FILE|REF] [--supergraph FILE] [--manifest FILE]… [--config FILE] [--allow FILE]

  --against FILE|REF  supergraph SDL, or a commit, branch or tag with a supergraph.graphql  (the last tag v*)
  --supergraph FILE   supergraph SDL, or a supergraph.yaml to compose                       (supergraph.yaml)
  --manifest FILE     operations that clients were built with; can be given again           (those of the configuration file)
  --config FILE       the configuration file                                                (gateway.yaml)
  --allow FILE        the breaking changes that are meant                                   (schema-changes.yaml)
  --help              show this

It ends with 1 for a breaking change that is not allowed, and for an operation that can no longer be run. What was deprecated
in the last release, and no operation of the manifests uses, may go.
`;

async function main(): Promise<void> {
  const { values, positionals } = readOptions();
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  if (positionals.length !== 1 || positionals[0] !== 'check')
    throw new StartupError('say what to do: `npm run schema -- check`');
  const { report, problems } = await checkSchema({ ...values, folder: process.cwd() });
  process.stdout.write(report);
  if (problems.length > 0) throw new StartupError(problems.join('\n'));
}

function readOptions() {
  return parseArguments({
    allowPositionals: true,
    options: {
      against: { type: 'string' },
      supergraph: { type: 'string', default: 'supergraph.yaml' },
      manifest: { type: 'string', multiple: true },
      config: { type: 'string' },
      allow: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
}

await main().catch(exitWith);
