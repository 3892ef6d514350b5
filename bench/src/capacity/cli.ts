import { writeFile } from 'node:fs/promises';
import { exitWith, StartupError } from '@tributary/platform';
import { requireWritable } from '../harness/require-writable.ts';
import { createScope } from '../harness/scope.ts';
import { HELP, readCapacityArguments } from './arguments.ts';
import { costsSchema } from './costs.ts';
import { capacityOf } from './model.ts';
import { readInputs } from './read-inputs.ts';
import { reportOf } from './report.ts';
import { stagesTable } from './stages.ts';

async function main(): Promise<void> {
  const args = readCapacityArguments(process.argv.slice(2));
  if (!args) return void process.stdout.write(HELP);
  if (args.measure !== null) return measureInto(args.measure);
  const inputs = await readInputs(args.files);
  if (args.stages) return void process.stdout.write(`${stagesTable(inputs)}\n`);
  const plan = capacityOf({ ...inputs, traffic: args.traffic }, inputs.prices);
  const result = { traffic: args.traffic, ...plan };
  process.stdout.write(`${args.json ? JSON.stringify(result, null, 2) : reportOf(plan, inputs)}\n`);
}

/** Measures the costs; whoever does says in the file what else went on on the machine. */
async function measureInto(file: string): Promise<void> {
  await requireWritable('--measure', file);
  // Loads all benchmarks, which a plan does without.
  const { measureCosts, thisMachine } = await import('./measure/measure-costs.ts');
  const scope = createScope();
  const interrupt = () => void scope.close(new StartupError('--measure: interrupted'));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const costs = await scope.run(() => measureCosts(scope));
    const measured = {
      date: new Date().toISOString().slice(0, 10),
      command: 'npm run capacity -- --measure FILE',
      machine: thisMachine(),
    };
    await writeFile(file, `${JSON.stringify(costsSchema.parse({ measured, ...costs }), null, 2)}\n`);
  } finally {
    await scope.close();
  }
}

await main().catch(exitWith);
