import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { databaseSetting, REPOSITORY, repositoryDatabases } from '@tributary/database';
import type { RetainedTable } from '@tributary/subgraph-kit';
import { loadSubgraph } from '../src/parts/subgraphs.ts';
import { type DataMap, isAboutPeople, readDataMap } from '../src/privacy-docs/data-map.ts';
import { privacyMarkdown } from '../src/privacy-docs/privacy-markdown.ts';

const read = (file: string) => readFileSync(join(REPOSITORY, file), 'utf8');

/** A model of a Prisma schema. */
interface Model {
  /** What it is called in the database. */
  table: string;
  /** Fields that are another model are none. */
  columns: string[];
}

function modelsOf(schema: string): Record<string, Model> {
  const models = [...schema.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)];
  const names = new Set(models.map(([, name]) => name));
  const columnsIn = (body: string) =>
    [...body.matchAll(/^ {2}(\w+)\s+(\w+)/gm)].flatMap(([, column = '', type]) =>
      names.has(type) ? [] : [column],
    );
  const tableOf = (body: string) => /^ {2}@@map\("(\w+)"\)/m.exec(body)?.[1] ?? '';
  return Object.fromEntries(
    models.map(([, name, body = '']) => [name, { table: tableOf(body), columns: columnsIn(body) }]),
  );
}

let map: DataMap;
const schemas: Record<string, Record<string, Model>> = {};
/** What each service deletes when its time is over. */
const retained: Record<string, readonly RetainedTable[]> = {};
beforeAll(async () => {
  map = await readDataMap();
  for (const { name } of await repositoryDatabases()) {
    schemas[name] = modelsOf(read(`prisma/${name}/schema.prisma`));
    const { readSettings, retentionOf } = await loadSubgraph(name);
    const settings = readSettings({ [databaseSetting(name)]: 'postgresql://nobody@127.0.0.1:1/none' });
    retained[name] = retentionOf?.(settings) ?? [];
  }
});

/** Every table of the map, with its database. */
const tables = () =>
  Object.entries(map).flatMap(([database, models]) =>
    Object.entries(models).map(([model, mapped]) => ({ database, model, ...mapped })),
  );

it('classifies every column of every table, once, and none that is not there', () => {
  const classified = tables().map(({ database, model, personal, reference, secret, none }) => [
    `${database}.${model}`,
    [...personal, ...reference, ...secret, ...none].toSorted(),
  ]);
  const there = Object.entries(schemas).flatMap(([database, models]) =>
    Object.entries(models).map(([model, { columns }]) => [`${database}.${model}`, columns.toSorted()]),
  );
  expect(Object.keys(schemas).length).toBeGreaterThan(2);
  expect(Object.fromEntries(classified)).toEqual(Object.fromEntries(there));
});

it('says of each table about people what it is for, and what an export and an erasure do', () => {
  const silent = tables().filter(
    (mapped) => isAboutPeople(mapped) && !(mapped.for && mapped.export && mapped.erase),
  );
  expect(silent.map(({ database, model }) => `${database}.${model}`)).toEqual([]);
});

it('is in docs/privacy.md, with the times that the settings have', async () => {
  expect(read('docs/privacy.md')).toContain(await privacyMarkdown(map));
});

describe('how long the map says that rows are kept', () => {
  it('is by the settings by which services delete them, and services delete nothing else', () => {
    const said = tables().flatMap(({ database, model, retention }) =>
      'setting' in retention
        ? [`${database}.${schemas[database]?.[model]?.table} by ${retention.setting}`]
        : [],
    );
    const done = Object.entries(retained).flatMap(([database, all]) =>
      all
        .filter(({ table }) => !table.startsWith('graphile_worker.'))
        .map(({ table, setting }) => `${database}.${table} by ${setting}`),
    );
    expect(done.length).toBeGreaterThan(8);
    expect(said.toSorted()).toEqual(done.toSorted());
  });

  it('is until they are archived, where there is an archive', () => {
    for (const { database, model, retention } of tables()) {
      if (!('archive' in retention)) continue;
      const folder = join('prisma', database, 'migrations');
      const migrations = readdirSync(join(REPOSITORY, folder)).filter((name) => !name.includes('.'));
      const sql = migrations.map((name) => read(join(folder, name, 'migration.sql'))).join('\n');
      expect(sql).toContain(` archive.${schemas[database]?.[model]?.table} `);
    }
  });

  it('is as long as that of a table that belongs to no other in a circle', () => {
    for (const { database, model } of tables()) {
      const seen: string[] = [];
      for (let next: string | undefined = model; next !== undefined; ) {
        expect(seen).not.toContain(next);
        seen.push(next);
        const retention: DataMap[string][string]['retention'] | undefined = map[database]?.[next]?.retention;
        expect([seen, retention]).toEqual([seen, expect.anything()]);
        next = retention && 'with' in retention ? retention.with : undefined;
      }
    }
  });

  it('has dead jobs deleted by every service', () => {
    for (const all of Object.values(retained))
      expect(all.map(({ setting }) => setting)).toContain('DEAD_JOB_RETENTION_DAYS');
  });
});
