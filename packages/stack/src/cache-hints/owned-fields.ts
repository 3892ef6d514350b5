/**
 * The fields that an owner and another customer do not see alike, out of the access matrix (`e2e/access-matrix/matrix.md`),
 * such as `User.email`.
 */
export function ownedFields(matrix: string): ReadonlySet<string> {
  const owned = new Set<string>();
  let columns: string[] = [];
  for (const line of matrix.split('\n')) {
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (cells[0] === 'field') columns = cells;
    const field = /^`(\w+\.\w+)`$/.exec(cells[0] ?? '')?.[1];
    if (field && cells[columns.indexOf('owner')] !== cells[columns.indexOf('other customer')])
      owned.add(field);
  }
  return owned;
}
