const interactive = process.stdout.isTTY === true;

/**
 * Does one step of a longer command, and shows its name while it lasts and its time when it is done.
 *
 * @template T
 * @param {string} name - what is being done
 * @param {(report: (detail: string) => void) => Promise<T> | T} work - `report` adds how far it is, and in the end what came of it
 * @returns {Promise<T>}
 */
export async function step(name, work) {
  const start = performance.now();
  let detail = '';
  if (interactive) process.stdout.write(`  … ${name}`);
  try {
    const result = await work((text) => {
      detail = text;
      if (interactive) process.stdout.write(`\r\u001b[2K  … ${name.padEnd(28)}            ${detail}`);
    });
    finish('✔', name, start, detail);
    return result;
  } catch (error) {
    finish('✘', name, start, '');
    throw error;
  }
}

function finish(mark, name, start, detail) {
  const seconds = ((performance.now() - start) / 1_000).toFixed(1);
  const line = `  ${mark} ${name.padEnd(28)} ${seconds.padStart(6)} s${detail ? `   ${detail}` : ''}`;
  process.stdout.write(interactive ? `\r\u001b[2K${line}\n` : `${line}\n`);
}
