import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type App, Yaml } from 'cdk8s';

/** Files that an earlier call wrote. */
const WRITTEN = /^\d{2}-[a-z0-9-]+\.k8s\.yaml$/;

/**
 * Writes a file for each chart, numbered in the order in which `kubectl apply -f FOLDER` is to meet them; those of an earlier
 * call go first, so that nothing stays that is no longer said.
 *
 * @returns the files' names
 */
export async function writeManifests(app: App, folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const old = (await readdir(folder)).filter((name) => WRITTEN.test(name));
  await Promise.all(old.map((name) => rm(join(folder, name))));
  const written = app.charts.map((chart, index) => ({
    name: `${String(index).padStart(2, '0')}-${chart.node.id}.k8s.yaml`,
    text: Yaml.stringify(...chart.toJson()),
  }));
  await Promise.all(written.map(({ name, text }) => writeFile(join(folder, name), text)));
  return written.map(({ name }) => name);
}
