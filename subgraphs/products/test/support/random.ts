/** An integer between the two, both included. */
export const int = (least: number, most: number): number =>
  least + Math.floor(Math.random() * (most - least + 1));

/** One of several. */
export function pick<Item>(items: readonly Item[]): Item {
  const item = items[int(0, items.length - 1)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

/** All of them, in any order. */
export const shuffle = <Item>(items: readonly Item[]): Item[] =>
  items
    .map((item) => ({ item, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
