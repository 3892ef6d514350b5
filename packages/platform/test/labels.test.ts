import { describe, expect, it } from '@jest/globals';
import { entityLabel, labelsOf, tagLabel } from '../src/index.ts';

describe('the label of an entity', () => {
  it.each([
    ['12', 'Product:12'],
    [12, 'Product:12'],
    [12n, 'Product:12'],
    [{ id: '12' }, 'Product:12'],
    [{ __typename: 'Product', id: 12 }, 'Product:12'],
    ['gid://shop/Product/12', 'Product:gid://shop/Product/12'],
    [{ id: { value: 7 } }, 'Product:{"id":{"value":7}}'],
    [{ ids: [2, 1] }, 'Product:{"ids":[2,1]}'],
    [['a', 'b'], 'Product:["a","b"]'],
    [null, 'Product:null'],
  ])('of the key %j is %s', (key, label) => {
    expect(entityLabel('Product', key)).toBe(label);
  });

  it('is the same for a composite key in any order, wherever it was read', () => {
    const label = 'Seat:{"row":1,"show":{"hall":"B","id":"7"}}';
    expect(entityLabel('Seat', { row: 1, show: { hall: 'B', id: '7' } })).toBe(label);
    expect(
      entityLabel('Seat', { show: { id: '7', __typename: 'Show', hall: 'B' }, note: undefined, row: 1 }),
    ).toBe(label);
  });
});

it('tells tags from entities', () => {
  expect(tagLabel('catalogue')).toBe('#catalogue');
  expect(labelsOf({ keys: ['Product:1'], tags: ['catalogue'] })).toEqual(['Product:1', '#catalogue']);
  expect(labelsOf({})).toEqual([]);
});
