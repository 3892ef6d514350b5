import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { exitWith, StartupError } from '@tributary/platform';
import { type Arguments, HELP, readArguments } from './arguments.ts';
import { compareCommand } from './comparison/command.ts';
import { resultChart } from './harness/chart.ts';
import { resultTables } from './harness/report.ts';
import { requireWritable } from './harness/require-writable.ts';
import { createScope } from './harness/scope.ts';

const INTERRUPTED = 130; // as shells report an end by Ctrl-C

try {
  const given = process.argv.slice(2);
  if (given[0] === 'compare') {
    await compareCommand(given.slice(1), (text) => process.stdout.write(text));
  } else {
    const args = readArguments(given);
    if (args) await main(args);
    else process.stdout.write(HELP);
  }
} catch (error) {
  exitWith(error);
}

async function main({ name, bench, json, chart, profileDir, ...options }: Arguments): Promise<void> {
  if (json !== null) await requireWritable('--json', json);
  if (chart !== null) await requireWritable('--chart', chart);
  const scope = createScope();
  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
    void scope.close(new StartupError(`${name}: interrupted`));
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    const profiles = profileDir === null ? null : resolve(profileDir);
    const result = await scope.run(() => bench.run({ ...options, profileDir: profiles, scope }));
    process.stdout.write(`${resultTables(result)}\n`);
    if (json !== null) await writeFile(json, `${JSON.stringify(result, null, 2)}\n`);
    if (chart !== null) await writeFile(chart, resultChart(result));
  } catch (error) {
    await scope.close();
    if (!interrupted) throw error;
    // On a terminal the line of the step that was going on is still open.
    process.stderr.write(`${process.stdout.isTTY ? '\n' : ''}${(error as Error).message}\n`);
    process.exit(INTERRUPTED);
  }
  await scope.close();
}
