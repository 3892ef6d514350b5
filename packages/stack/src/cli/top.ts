import { exitWith, parseArguments, StartupError } from '@tributary/platform';
import { styled } from '../top/screen.ts';
import { onePage, showPages } from '../top/show.ts';

/** Admin ports of the gateway and the subgraphs of `npm start`. */
const USUAL_URLS = [4010, 4011, 4012, 4013].map((port) => `http://127.0.0.1:${port}`);
const USUAL_COLUMNS = 160;

const HELP = `Usage: npm run top [-- --urls URL,URL --once]

A page of the running stack, drawn anew each second: its processes, operations by the time that they take, subgraphs with
their circuit breakers, caches, clients, databases and jobs, over the last ten seconds. q ends it.

  --urls URLS  addresses of admin ports, with commas between; else ${USUAL_URLS[0]} to 4013
  --once       prints one page and ends, of all since the services were started; so does a pipe
  -h, --help   show this
`;

async function main(): Promise<void> {
  const { urls, once, help } = parseArguments({
    options: {
      urls: { type: 'string' },
      once: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  }).values;
  if (help) return void process.stdout.write(HELP);
  const addresses = urls === undefined ? USUAL_URLS : urls.split(',').map(addressOf);
  const { isTTY, columns = USUAL_COLUMNS } = process.stdout;
  if (isTTY && !once) return showPages(addresses, process);
  const lines = await onePage(addresses, columns);
  process.stdout.write(`${(isTTY ? styled(lines) : lines.map(({ text }) => text)).join('\n')}\n`);
}

function addressOf(given: string): string {
  const text = given.trim();
  if (!/^https?:\/\//.test(text) || !URL.canParse(text))
    throw new StartupError(`--urls: ${text || 'nothing'} is not an http:// or https:// address`);
  return text;
}

await main().catch(exitWith);
