import { writeFile } from 'node:fs/promises';
import { exitWith } from '@tributary/platform';
import { HELP, readArguments } from './arguments.ts';
import { showProgress } from './display.ts';
import { soak } from './soak.ts';

try {
  const args = readArguments(process.argv.slice(2));
  if (!args) process.stdout.write(HELP);
  else {
    const display = showProgress(process.stdout, args.duration);
    const report = await soak({ ...args, onProgress: display.update }).finally(display.stop);
    const text = `${JSON.stringify(report, null, 2)}\n`;
    process.stdout.write(text);
    if (args.json !== null) await writeFile(args.json, text);
    for (const problem of report.problems) process.stderr.write(`✘ ${problem}\n`);
    process.exitCode = report.problems.length === 0 ? 0 : 1;
  }
} catch (error) {
  exitWith(error);
}
