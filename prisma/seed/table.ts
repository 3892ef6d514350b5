/** A column's value as the generators give it. */
export type Value = string | number | boolean | Date | null;

/** A table that the seed fills; rows have the same names as the Prisma model's fields. */
export interface Table<Row> {
  name: string;
  /** PostgreSQL type of each column, by the field's name; the column is called the same in snake_case. */
  columns: { readonly [Field in keyof Row]: string };
}

/** Rows ready to be sent: one statement, whatever their number, with one array for each column. */
export interface Insert {
  table: string;
  rows: number;
  statement: string;
  values: (string | number | boolean | null)[][];
}

/** Makes the statement that inserts the rows. */
export function insertInto<Row extends { [Field in keyof Row]: Value }>(
  table: Table<Row>,
  rows: readonly Row[],
): Insert {
  const fields = Object.keys(table.columns) as (keyof Row & string)[];
  const names = fields.map((field) => `"${snakeCase(field)}"`);
  const arrays = fields.map((field, index) => `$${index + 1}::${table.columns[field]}[]`);
  return {
    table: table.name,
    rows: rows.length,
    statement: `INSERT INTO "${table.name}" (${names.join(', ')}) SELECT * FROM unnest(${arrays.join(', ')})`,
    values: fields.map((field) => rows.map((row) => plain(row[field]))),
  };
}

/** A time as text in UTC: left to itself, the driver would write it in the machine's time zone. */
function plain(value: Value): string | number | boolean | null {
  return value instanceof Date ? value.toISOString() : value;
}

function snakeCase(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
