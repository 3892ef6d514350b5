/** Something that somebody sends to do harm. */
export interface AbuseCase {
  name: string;
  /** Bodies of requests that a server has not seen, told apart by their numbers. */
  body(number: number): string;
}

const MANY = 40_000;

const times = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

const query = (name: string, text: string): AbuseCase => ({
  name,
  body: (number) => JSON.stringify({ query: `${text} # ${number}` }),
});

/** Variables as a text, so that what makes them is not measured. */
const variables = (name: string, text: string): AbuseCase => ({
  name,
  body: (number) =>
    `{"query":"query Abuse($upc: String!) { product(upc: $upc) { name } } # ${number}","variables":${text}}`,
});

/**
 * Requests that are to be refused in no time, all within 100 kB but for the last; `450 fields through fragments` is what is
 * dearest to plan of what is let through.
 */
export const abuseCases: readonly AbuseCase[] = [
  query('deep fields', '{a'.repeat(MANY)),
  query('deep lists', `{ product(upc: ${'['.repeat(MANY)}`),
  query('deep inline fragments', `${'{...'.repeat(MANY / 2)}`),
  query('330 aliases', `{ ${times(330, (n) => `a${n}: __typename`)} }`),
  query('330 duplicate fields', `{ ${times(330, () => 'product(upc: "1") { name }')} }`),
  query('5000 duplicate fields', `{ ${times(5_000, () => '__typename')} }`),
  query('230 objects of one name', `{ topProducts(first: 1) { ${times(230, () => 'reviews { id }')} } }`),
  query('400 directives', `{ __typename ${times(400, () => '@aa')} }`),
  query(
    'circular fragments',
    `{ ...F0 } ${times(100, (n) => `fragment F${n} on Query { ...F${(n + 1) % 100} }`)}`,
  ),
  query(
    'fragment bomb',
    `{ ...F0 } ${times(17, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)}
     fragment F17 on Query { __typename }`,
  ),
  query(
    '450 fields through fragments',
    `{ topProducts(first: 1) { ...F0 } } ${times(6, (n) => `fragment F${n} on Product { reviews { product { ...F${n + 1} } author { reviews { product { ...F${n + 1} } } } } }`)}
     fragment F6 on Product { name }`,
  ),
  query('900 unknown fields', `{ ${times(900, (n) => `produkt${n}`)} }`),
  query('a name of 90 kB', `{ ${'x'.repeat(90_000)} }`),
  query('1000 variables', `query Abuse(${times(1_000, (n) => `$v${n}: Int`)}) { __typename }`),
  variables('deep list in variables', `{"upc":"1","more":${'['.repeat(MANY)}${']'.repeat(MANY)}}`),
  variables('deep object in variables', `{"upc":"1","more":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`),
  variables('40000 items in variables', `{"upc":"1","more":[${'1,'.repeat(MANY)}1]}`),
  variables('90000 digits', `{"upc":"1","more":${'9'.repeat(90_000)}}`),
  variables('__proto__ in variables', '{"upc":"1","__proto__":{"isAdmin":true}}'),
  {
    name: 'batch of 1000',
    body: (number) => JSON.stringify(Array(1_000).fill({ query: `{ __typename } # ${number}` })),
  },
  query('200 kB', `{ __typename } # ${'x'.repeat(200_000)}`),
];
