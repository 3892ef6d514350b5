import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { REPOSITORY, repositoryDatabases } from '@tributary/database';
import { parse } from 'yaml';
import { z } from 'zod';

const read = (file: string) => readFileSync(join(REPOSITORY, file), 'utf8');

const columns = z.array(z.string()).default([]);
const text = z.string().optional();
const table = z.strictObject({
  for: text,
  kept: text,
  export: text,
  erase: text,
  personal: columns,
  reference: columns,
  secret: columns,
  none: columns,
});
const map = z.record(z.string(), z.record(z.string(), table)).parse(parse(read('prisma/data-map.yaml')));

/** The columns of each model; fields that are another model are none. */
function modelsOf(schema: string): Record<string, string[]> {
  const models = [...schema.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)];
  const names = new Set(models.map(([, name]) => name));
  const columnsIn = (body: string) =>
    [...body.matchAll(/^ {2}(\w+)\s+(\w+)/gm)].flatMap(([, column = '', type]) =>
      names.has(type) ? [] : [column],
    );
  return Object.fromEntries(models.map(([, name, body = '']) => [name, columnsIn(body)]));
}

/** Tables that say something of a person, as docs/privacy.md has them. */
const rows = Object.entries(map).flatMap(([database, tables]) =>
  Object.entries(tables)
    .filter(([, { personal, reference, secret }]) => personal.length + reference.length + secret.length > 0)
    .map(([model, { for: purpose, kept, export: exported, erase, ...classes }]) => {
      const list = [...classes.personal, ...classes.secret].map((column) => `\`${column}\``).join(', ');
      return {
        name: `${database}.${model}`,
        texts: [purpose, kept, exported, erase],
        row: `| \`${database}.${model}\` | ${list || 'ids only'} | ${purpose} | ${kept} | ${exported} | ${erase} |`,
      };
    }),
);

it('classifies every column of every table, once, and none that is not there', async () => {
  const schemas: Record<string, Record<string, string[]>> = {};
  for (const { name } of await repositoryDatabases())
    schemas[name] = modelsOf(read(`prisma/${name}/schema.prisma`));
  const sorted = (tables: Record<string, string[]>) =>
    Object.fromEntries(Object.entries(tables).map(([model, names]) => [model, names.toSorted()]));
  const classified = Object.fromEntries(
    Object.entries(map).map(([database, tables]) => [
      database,
      sorted(
        Object.fromEntries(
          Object.entries(tables).map(([model, { personal, reference, secret, none }]) => [
            model,
            [...personal, ...reference, ...secret, ...none],
          ]),
        ),
      ),
    ]),
  );
  expect(Object.keys(schemas).length).toBeGreaterThan(2);
  expect(classified).toEqual(
    Object.fromEntries(Object.entries(schemas).map(([database, tables]) => [database, sorted(tables)])),
  );
});

describe.each(rows)('$name', ({ texts, row }) => {
  it('says what it is for, how long it is kept, and what an export and an erasure do', () => {
    expect(texts.filter((said) => !said)).toEqual([]);
  });

  it('is in docs/privacy.md as the map has it', () => {
    expect(read('docs/privacy.md').split('\n')).toContain(row);
  });
});

it('has no table in docs/privacy.md that the map does not have', () => {
  const documented = read('docs/privacy.md').match(/^\| `\w+\.\w+` \|.*$/gm);
  expect(documented?.toSorted()).toEqual(rows.map(({ row }) => row).toSorted());
});
