import { parseArguments, StartupError } from '@tributary/platform';
import { compareResults, fallen } from './compare-results.ts';
import { comparisonMarkdown } from './markdown.ts';
import { readResult } from './read-result.ts';

/** What `npm run bench -- compare --help` says. */
const HELP = `Usage: npm run bench -- compare BASE HEAD [--least N]

Writes what became of a benchmark's figures as Markdown, from two files that --json wrote.

  --least N  ends with 1 when our ratio to a peer has fallen below N of what it was, such as 0.85
  --help     show this
`;

/**
 * `npm run bench -- compare`
 *
 * @param args - after the command's name
 * @param print - gets the Markdown
 * @throws StartupError for files that cannot be compared, and when something has fallen too far
 */
export async function compareCommand(args: readonly string[], print: (text: string) => void): Promise<void> {
  const { values, positionals } = parseArguments({
    args: [...args],
    allowPositionals: true,
    options: { least: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return print(HELP);
  const [base, head, ...more] = positionals;
  if (base === undefined || head === undefined || more.length > 0)
    throw new StartupError('compare: name two files, the base first; see --help');
  const least = Number(values.least ?? 0);
  if (!(least >= 0 && least <= 1)) throw new StartupError('--least: must be a number from 0 to 1');
  const comparison = compareResults(await readResult(base), await readResult(head));
  print(`${comparisonMarkdown(comparison)}\n`);
  const worse = fallen(comparison, least);
  if (worse.length > 0)
    throw new StartupError(
      worse
        .map(({ name, ratio }) => `${name}: ${ratio.toFixed(2)} of the base, less than ${least}`)
        .join('\n'),
    );
}
