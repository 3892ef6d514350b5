/**
 * Builds the explorer's application with esbuild: `node build.mjs [--out FOLDER]`, by default `dist/app`.
 *
 * The folder gets `manifest.json` and `assets/`, whose files have a hash of their content in their name and lie
 * next to their `.br` and `.gz` versions. The same sources give the same files.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'esbuild';

const packageDir = fileURLToPath(new URL('.', import.meta.url));
const { values } = parseArgs({ options: { out: { type: 'string', default: join(packageDir, 'dist/app') } } });
const outDir = resolve(values.out);
/** Built here and moved when it is complete, so that nobody is served half a build. */
const workDir = `${outDir}.partial`;
const assetsDir = join(workDir, 'assets');

/** Where the application of each page begins. */
const PAGES = { explorer: 'src/app/main.tsx', explain: 'src/app/explain/main.tsx' };

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: packageDir,
  outdir: assetsDir,
  bundle: true,
  minify: true,
  metafile: true,
  target: ['chrome111', 'firefox114', 'safari16.4'],
  define: { 'process.env.NODE_ENV': '"production"' },
  legalComments: 'none',
  logLevel: 'warning',
};

/** The stylesheet of GraphiQL contains the editor's, so what the editor's modules import is left out. */
const withoutEditorStyles = {
  name: 'without-editor-styles',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]monaco-editor[\\/].*\.css$/ }, () => ({ contents: '', loader: 'empty' }));
  },
};

/** Bundles the editor's workers, and gives their file names. */
async function buildWorkers() {
  const { metafile } = await build({
    ...common,
    format: 'iife',
    entryNames: '[name]-[hash]',
    entryPoints: {
      editor: 'monaco-editor/esm/vs/editor/editor.worker.js',
      graphql: 'monaco-graphql/esm/graphql.worker.js',
      json: 'monaco-editor/esm/vs/language/json/json.worker.js',
    },
  });
  return Object.fromEntries(
    Object.keys(metafile.outputs).map((path) => [basename(path).split('-')[0], basename(path)]),
  );
}

/**
 * Bundles the application, and gives what each page has to name.
 * @param {Record<string, string>} workers
 */
async function buildApp(workers) {
  const { metafile } = await build({
    ...common,
    format: 'esm',
    splitting: true,
    jsx: 'automatic',
    entryNames: '[name]-[hash]',
    chunkNames: 'chunk-[hash]',
    entryPoints: PAGES,
    define: { ...common.define, EXPLORER_WORKERS: JSON.stringify(workers) },
    plugins: [withoutEditorStyles],
  });
  const filesOf = (entryPoint) => {
    const [path, { cssBundle, imports }] = Object.entries(metafile.outputs).find(
      ([, output]) => output.entryPoint === entryPoint,
    );
    return {
      script: basename(path),
      styles: [basename(cssBundle)],
      preload: imports.filter(({ kind }) => kind === 'import-statement').map((chunk) => basename(chunk.path)),
    };
  };
  return Object.fromEntries(Object.entries(PAGES).map(([page, entryPoint]) => [page, filesOf(entryPoint)]));
}

/** Writes a `.br` and a `.gz` next to each asset. */
async function compressAssets() {
  const files = await readdir(assetsDir);
  await Promise.all(
    files.map(async (file) => {
      const content = await readFile(join(assetsDir, file));
      const params = {
        [constants.BROTLI_PARAM_QUALITY]: 9,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      };
      await Promise.all([
        promisify(brotliCompress)(content, { params }).then((data) =>
          writeFile(join(assetsDir, `${file}.br`), data),
        ),
        promisify(gzip)(content, { level: 9 }).then((data) => writeFile(join(assetsDir, `${file}.gz`), data)),
      ]);
    }),
  );
}

await rm(workDir, { recursive: true, force: true });
await mkdir(assetsDir, { recursive: true });
const manifest = await buildApp(await buildWorkers());
await compressAssets();
await writeFile(join(workDir, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
await rm(outDir, { recursive: true, force: true });
await rename(workDir, outDir);
