import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { EngineAdapter } from './engine-adapter.ts';

declare global {
  /** Where the engine's WebAssembly reports why it panicked; it looks for this global by name. */
  var PRISMA_WASM_PANIC_REGISTRY: { set_message(message: string): void };
}

/** Node has it, but TypeScript declares it for browsers only. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>;
  RuntimeError: typeof Error;
};

type EngineModule = typeof import('@prisma/schema-engine-wasm/schema_engine_bg');

let loading: Promise<EngineModule> | undefined;
let panic: string | undefined;

/**
 * Prisma's own schema engine, as WebAssembly: nothing is downloaded and no other process is started.
 *
 * @param adapter - the database it works on
 * @param use - what to do with it; the engine is freed and the adapter closed after that
 */
export async function withSchemaEngine<T>(
  adapter: EngineAdapter,
  use: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  loading ??= loadEngine();
  const module = await loading;
  const ignoreLog = () => undefined;
  const engine = await module.SchemaEngine.new({ datamodels: undefined }, ignoreLog, adapter.factory);
  try {
    return await use(engine);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) {
      loading = undefined; // a panic leaves the instance unusable
      throw new Error(`Prisma's schema engine failed: ${panic}`, { cause: error });
    }
    throw error;
  } finally {
    if (loading) engine.free();
    await adapter.close();
  }
}

/** The package's own entry imports the .wasm file as a module, which Node cannot do without a flag. */
async function loadEngine(): Promise<EngineModule> {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = {
    set_message: (message) => {
      panic = message;
    },
  };
  const require = createRequire(import.meta.url);
  const binary = join(require.resolve('@prisma/schema-engine-wasm/schema_engine_bg'), '../schema_engine_bg.wasm');
  const module = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const imports = Object.entries(module).map(([name, value]) => [name, IS_TIMER.test(name) ? quietTimeout : value]);
  const { instance } = await WebAssembly.instantiate(await readFile(binary), {
    './schema_engine_bg.js': Object.fromEntries(imports),
  });
  module.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  return module;
}

const IS_TIMER = /^__wbg_setTimeout_/;

/** The engine never clears the 10 second limit of its advisory lock; it must not keep the process from ending. */
const quietTimeout = (callback: () => void, milliseconds: number) => setTimeout(callback, milliseconds).unref();
