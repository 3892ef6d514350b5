import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { GATEWAY_FILES } from '../support/ground.ts';

/** The shop's gateway.yaml, with what else is measured turned on: persisted operations, which refuse nothing. */
export async function measuredGateway(): Promise<{ file: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-gateway-'));
  const file = join(folder, 'gateway.yaml');
  const given = parse(await readFile(GATEWAY_FILES.GATEWAY_CONFIG, 'utf8')) as object;
  const settings = { ...given, persisted_operations: { manifest: 'operations.json', mode: 'log' } };
  await writeFile(join(folder, 'operations.json'), '{}');
  await writeFile(file, stringify(settings));
  return { file, remove: () => rm(folder, { recursive: true }) };
}
