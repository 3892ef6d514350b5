import { join } from 'node:path';
import { REPOSITORY } from '@tributary/database';
import { exitWith, parseArguments, StartupError } from '@tributary/platform';

const HELP = `Writes what a Kubernetes cluster needs to run the graph, as YAML for kubectl or a GitOps controller.

Usage: npm run kubernetes -- --values FILE [--out FOLDER] [--registry NAME] [--tag TAG] [--config FILE] [--file FILE]…

  --values FILE    what is particular to the cluster; deploy/kubernetes/values.example.yaml shows it
  --out FOLDER     where the files go; those of an earlier call there are removed   (deploy/kubernetes/out)
  --registry NAME  where the images are                                             (image.registry of the values)
  --tag TAG        their tag                                                        (image.tag of the values)
  --config FILE    the gateway's configuration                                      (gateway.yaml)
  --file FILE      a file that the configuration names, from beside it; can be given again
  --help           show this

Settings that a service would refuse are refused here. Nothing is applied: docs/deployment.md says how to.
`;

async function main(): Promise<void> {
  const { values: options } = readOptions();
  if (options.help) return void process.stdout.write(HELP);
  if (options.values === undefined) throw new StartupError('--values: name a file; see --help');
  // Loaded only now: asking for help should not take a second.
  const [{ readValues }, { manifests }, { readGatewayFiles }, { writeManifests }] = await Promise.all([
    import('./values/read-values.ts'),
    import('./manifests.ts'),
    import('./gateway-files.ts'),
    import('./write.ts'),
  ]);
  const values = await readValues(options.values, options);
  const files = await readGatewayFiles(options.config, options.file ?? []);
  const names = await writeManifests(await manifests(values, files), options.out);
  process.stdout.write(`${names.map((name) => join(options.out, name)).join('\n')}\n`);
}

function readOptions() {
  return parseArguments({
    options: {
      values: { type: 'string' },
      out: { type: 'string', default: join(REPOSITORY, 'deploy/kubernetes/out') },
      registry: { type: 'string' },
      tag: { type: 'string' },
      config: { type: 'string', default: join(REPOSITORY, 'gateway.yaml') },
      file: { type: 'string', multiple: true },
      help: { type: 'boolean' },
    },
  });
}

await main().catch(exitWith);
