/**
 * What a service measures at the moment.
 *
 * @param adminUrl - where its `/metrics` is
 * @param line - how the line begins: the name, and labels as they are written there
 * @returns the sum over the lines that begin so; 0 when there is none
 */
export async function metricOf(adminUrl: string, line: string): Promise<number> {
  const text = await (await fetch(new URL('/metrics', adminUrl))).text();
  return text
    .split('\n')
    .filter((one) => one.startsWith(line))
    .reduce((sum, one) => sum + Number(one.split(' ').at(-1)), 0);
}
