import { minorUnits as toMinorUnits } from '@tributary/subgraph-kit';
import { z } from 'zod';
import {
  currency,
  description,
  minorUnits,
  onHand,
  sku,
  slug,
  status,
  title,
} from '../catalogue/catalogue-input.ts';

/** Columns that every file has. */
export const NEEDED_COLUMNS = [
  'product_slug',
  'product_title',
  'sku',
  'variant_title',
  'price',
  'currency',
] as const;

/** Columns that a file may have. What is empty or left out stays as it is. */
export const OPTIONAL_COLUMNS = ['description', 'category_slug', 'status', 'on_hand'] as const;

const COLUMNS = [...NEEDED_COLUMNS, ...OPTIONAL_COLUMNS];

/** One row of a file as it was written, by column; other columns are of no interest. */
export type WrittenRow = Readonly<Record<string, unknown>>;

/** One row of a file: a variant, with what the file says of its product. */
export interface ImportRow {
  /** Where the row begins in the file, from 1. */
  line: number;
  productSlug: string;
  productTitle: string;
  /** Null leaves what is there; so with the other fields that can be null. */
  description: string | null;
  categorySlug: string | null;
  status: z.output<typeof status> | null;
  sku: string;
  variantTitle: string;
  priceMinor: number;
  currency: z.output<typeof currency>;
  /** Pieces in the warehouse. */
  onHand: number | null;
}

/** A row that was not taken, and why. */
export interface BadRow {
  line: number;
  /** Names the column, where it is about one. */
  reason: string;
}

const decimal = z.string().regex(/^\d{1,12}(\.\d{1,12})?$/, 'Use a decimal number, such as 12.50.');
const count = z
  .string()
  .regex(/^\d{1,15}$/, 'Use a whole number.')
  .transform(Number)
  .pipe(onHand);

const rowSchema = z
  .object({
    product_slug: slug,
    product_title: title,
    description: description.optional(),
    category_slug: slug.optional(),
    status: status.optional(),
    sku,
    variant_title: title,
    price: decimal,
    currency,
    on_hand: count.optional(),
  })
  .transform((row, check) => {
    const units = minorUnits.safeParse(toMinorUnits(row.price, row.currency));
    if (units.success) return { ...row, priceMinor: units.data };
    const message = units.error.issues[0]?.code === 'too_big' ? 'This is too much.' : FRACTION;
    check.addIssue({ code: 'custom', path: ['price'], message });
    return z.NEVER;
  });

const FRACTION = 'The currency has no units as small as that.';

/** Checks what a row says by itself. */
export function checkRow(line: number, written: WrittenRow): ImportRow | BadRow {
  const cells = Object.fromEntries(
    COLUMNS.flatMap((column) => {
      const cell = cellOf(column, written[column]);
      return cell === undefined ? [] : [[column, cell]];
    }),
  );
  const result = rowSchema.safeParse(cells);
  if (!result.success) {
    const problems = result.error.issues.map(({ path: [column], message }) => {
      const name = String(column);
      return `${name}: ${cells[name] === undefined ? 'This is missing.' : message}`;
    });
    return { line, reason: problems.join(' ') };
  }
  const { data } = result;
  return {
    line,
    productSlug: data.product_slug,
    productTitle: data.product_title,
    description: data.description ?? null,
    categorySlug: data.category_slug ?? null,
    status: data.status ?? null,
    sku: data.sku,
    variantTitle: data.variant_title,
    priceMinor: data.priceMinor,
    currency: data.currency,
    onHand: data.on_hand ?? null,
  };
}

/** Undefined for an empty cell. A count may be a number in JSON; a price may not, because it would be a float. */
function cellOf(column: string, value: unknown): unknown {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim();
  if (typeof value === 'number' && column === 'on_hand') return String(value);
  return value ?? undefined;
}
