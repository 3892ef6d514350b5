import type { Registry } from '@tributary/platform';

/**
 * Counts the SQL statements that services send while something runs. Nothing else may use them meanwhile.
 *
 * @param registries - the services' metrics
 */
export async function countStatements<T>(
  registries: readonly Registry[],
  run: () => Promise<T>,
): Promise<{ result: T; statements: number }> {
  const before = await total(registries);
  const result = await run();
  return { result, statements: (await total(registries)) - before };
}

async function total(registries: readonly Registry[]): Promise<number> {
  const counts = await Promise.all(
    registries.map(
      async (registry) =>
        (await registry.getSingleMetric('db_statements_total')?.get())?.values[0]?.value ?? 0,
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
