import type * as monaco from 'monaco-editor';

/** File names of the editor's workers, filled in by the build. */
declare const EXPLORER_WORKERS: Readonly<Record<'editor' | 'graphql' | 'json', string>>;

const environment: monaco.Environment = {
  getWorker: (_workerId, label) => {
    const file = label === 'graphql' || label === 'json' ? EXPLORER_WORKERS[label] : EXPLORER_WORKERS.editor;
    return new Worker(new URL(file, import.meta.url));
  },
};

/** Makes the editor start its workers from the files next to this one. */
export function installWorkers(): void {
  window.MonacoEnvironment = environment;
}
