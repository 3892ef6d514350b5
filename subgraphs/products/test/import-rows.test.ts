import { describe, expect, it } from '@jest/globals';
import { checkRow } from '../src/services/import/import-row.ts';
import { type ImportFormat, readRows, UnusableFile } from '../src/services/import/read-rows.ts';
import { COLUMNS } from './support/catalogue-file.ts';

/** Reads a file that comes in pieces of so many bytes. */
async function read(file: string | Buffer, format: ImportFormat = 'CSV', pieceSize = 7) {
  const bytes = Buffer.from(file);
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceSize) yield bytes.subarray(at, at + pieceSize);
  }
  const rows: unknown[] = [];
  for await (const found of readRows(pieces(), format))
    rows.push('reason' in found ? [found.line, found.reason] : [found.line, found.row.sku]);
  return rows;
}

const HEADER = COLUMNS.join(',');
const row = (sku: string, title = 'Lamp') => `lamp,${title},,,,${sku},Standard,1.00,USD,`;
const csv = (...rows: string[]) => [HEADER, ...rows].join('\n');

describe('a CSV file', () => {
  it.each([1, 2, 3, 1_000])('is read whatever it is cut into (%d bytes)', async (size) => {
    const file = `\uFEFF${HEADER}\r\n\r\n${row('A', '"Blue, ""long"" lamp\r\nwith ümlauts"')}\r\n${row('B')}`;
    expect(await read(file, 'CSV', size)).toEqual([
      [3, 'A'],
      [5, 'B'],
    ]);
  });

  it('loses one row to a forgotten quote, wherever the next quote is', async () => {
    const rows = [row('A'), row('B', '"Lamp'), row('C'), row('D', '"Good, lamp"'), row('E')];
    expect(await read(csv(...rows))).toEqual([
      [2, 'A'],
      [3, 'A quote is opened here and not closed.'],
      [4, 'C'],
      [5, 'D'],
      [6, 'E'],
    ]);
  });

  it('goes on after a forgotten quote and more lines than a record may have', async () => {
    const file = `${csv(row('A', '"Lamp'), row('B'))}${'\n'.repeat(150_000)}${row('C')}\n${'x\n'.repeat(60_000)}`;
    const found = await read(file, 'CSV', 65_536);
    expect(found.slice(0, 3)).toEqual([
      [2, 'A quote is opened here and not closed.'],
      [3, 'B'],
      [150_003, 'C'],
    ]);
    expect(found).toHaveLength(60_003);
  });

  it('loses one row to a quote in the wrong place, a missing field or one too many', async () => {
    const rows = [row('A', 'a "small" lamp'), row('B', '"a"b'), 'lamp,Lamp', `${row('C')},x`, row('D')];
    expect(await read(csv(...rows))).toEqual([
      [2, 'A quote is in the wrong place.'],
      [3, 'A quote is in the wrong place.'],
      [4, 'There are 2 fields, and 10 columns.'],
      [5, 'There are 11 fields, and 10 columns.'],
      [6, 'D'],
    ]);
  });

  it('loses one row to bytes that are not UTF-8, or to a line without end', async () => {
    const file = Buffer.concat([
      Buffer.from(`${csv(row('A'))}\n`),
      Buffer.from(`${row('B', 'L\xE4mpchen')}\n`, 'latin1'),
      Buffer.from(`${row('C', 'x'.repeat(200_000))}\n${row('D')}\n`),
    ]);
    expect(await read(file, 'CSV', 4_096)).toEqual([
      [2, 'A'],
      [3, 'This is not UTF-8.'],
      [4, 'This is longer than 100000 bytes.'],
      [5, 'D'],
    ]);
  });

  it.each([
    ['', 'the file is empty'],
    ['product_slug,price', 'the header lacks product_title, sku, variant_title, currency'],
    [`${HEADER},sku`, 'the header has sku twice'],
    [Buffer.from(HEADER, 'utf16le'), 'the header lacks'],
    [Buffer.from([0xff, 0xfe, 0x41]), 'line 1, the header: This is not UTF-8.'],
  ])('is of no use with the header %p', async (file, reason) => {
    await expect(read(file)).rejects.toThrow(UnusableFile);
    await expect(read(file)).rejects.toThrow(reason);
  });
});

it('reads NDJSON, and tells of lines that are none', async () => {
  const file = '\uFEFF{"sku":"A"}\r\n\n{"sku":\n[]\n"x"\nnull\n{"sku":"B"}';
  const none = 'This is not a JSON object.';
  expect(await read(file, 'NDJSON')).toEqual([
    [1, 'A'],
    [3, none],
    [4, none],
    [5, none],
    [6, none],
    [7, 'B'],
  ]);
});

describe('a row', () => {
  const good = {
    product_slug: 'lamp',
    product_title: ' Lamp ',
    sku: 'L-1',
    variant_title: 'Standard',
    price: '12.50',
    currency: 'EUR',
  };
  it('is understood', () => {
    expect(checkRow(2, { ...good, on_hand: 3, description: ' ', extra: 1 })).toEqual({
      line: 2,
      productSlug: 'lamp',
      productTitle: 'Lamp',
      description: null,
      categorySlug: null,
      status: null,
      sku: 'L-1',
      variantTitle: 'Standard',
      priceMinor: 1_250,
      currency: 'EUR',
      onHand: 3,
    });
  });

  it.each<[string, object]>([
    ['product_title: This is missing.', { product_title: '' }],
    ['product_title: At most 200 characters.', { product_title: 'x'.repeat(201) }],
    ['variant_title: Control characters cannot be used.', { variant_title: 'a\u0007' }],
    ['variant_title: There is half of a character in it.', { variant_title: 'Blue \ud83d' }],
    ['description: At most 5000 characters.', { description: 'x'.repeat(5_001) }],
    ['product_slug: Use lower-case letters', { product_slug: 'A b' }],
    ['sku: Use letters', { sku: '-' }],
    ['price: Use a decimal number', { price: '12,50' }],
    ['price: Use a decimal number', { price: '-1' }],
    ['price: ', { price: 12.5 }],
    ['price: The currency has no units as small as that.', { price: '1.005' }],
    ['price: This is too much.', { price: '999999999999' }],
    ['currency: ', { currency: 'CHF' }],
    ['status: ', { status: 'GONE' }],
    ['on_hand: Use a whole number.', { on_hand: '1.5' }],
    ['on_hand: Use a whole number.', { on_hand: -1 }],
    ['on_hand: At most', { on_hand: '9999999999' }],
    ['sku: This is missing. price: This is missing.', { sku: undefined, price: '' }],
  ])('is bad: %s', (reason, wrong) => {
    expect(checkRow(2, { ...good, ...wrong })).toEqual({ line: 2, reason: expect.stringContaining(reason) });
  });
});
