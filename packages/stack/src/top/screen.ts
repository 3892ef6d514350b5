import { styleText } from 'node:util';
import type { Line } from './frame.ts';

const STYLES = { title: 'bold', bad: 'red', usual: 'reset' } as const;

/** Lines as a terminal shows them. */
export const styled = (lines: readonly Line[]): string[] =>
  lines.map(({ text, tone }) => (tone === 'usual' ? text : styleText(STYLES[tone], text)));

/** A page of a terminal that is drawn anew again and again; what was there before comes back at its end. */
export interface Screen {
  readonly size: { columns: number; rows: number };
  draw(lines: readonly Line[]): void;
  close(): void;
}

// ECMA-48, and the alternate buffer of xterm, which all terminals of today have.
const OPEN = '\x1b[?1049h\x1b[?25l';
const CLOSE = '\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const TO_LINE_END = '\x1b[K';
const TO_PAGE_END = '\x1b[J';

/**
 * Opens a page on a terminal.
 *
 * @param onResize - called when it has another size
 * @param onQuit - called for `q` and Ctrl-C
 */
export function openScreen(
  { stdin, stdout }: Pick<NodeJS.Process, 'stdin' | 'stdout'>,
  onResize: () => void,
  onQuit: () => void,
): Screen {
  const onKey = (key: Buffer) => {
    if (['q', 'Q', '\x03'].includes(String(key))) onQuit();
  };
  stdout.write(OPEN);
  stdout.on('resize', onResize);
  if (stdin.isTTY) stdin.setRawMode(true).on('data', onKey).resume();
  return {
    get size() {
      return { columns: stdout.columns, rows: stdout.rows };
    },
    draw(lines) {
      const page = styled(lines.slice(0, stdout.rows)).map((line) => `${line}${TO_LINE_END}`);
      stdout.write(`${HOME}${page.join('\r\n')}${TO_PAGE_END}`);
    },
    close() {
      stdout.off('resize', onResize);
      if (stdin.isTTY) stdin.setRawMode(false).off('data', onKey).pause();
      stdout.write(CLOSE);
    },
  };
}
