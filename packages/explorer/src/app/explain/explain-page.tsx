import { useEffect, useRef, useState } from 'react';
import type { ExplainConfig, ExplorerConfig } from '../../config.ts';
import { type Editors, keep, takeOver } from '../hand-over.ts';
import { OperationForm } from './operation-form.tsx';
import { isQuery } from './operations.ts';
import { Result } from './result.tsx';
import { type Outcome, runOperation } from './run-operation.ts';

type State =
  | { kind: 'idle' }
  | { kind: 'running' }
  | { kind: 'failed'; message: string }
  | { kind: 'done'; outcome: Outcome };

/** The page that runs an operation and shows how that went. */
export function ExplainPage({ config, explain }: { config: ExplorerConfig; explain: ExplainConfig }) {
  const [handed] = useState(takeOver);
  const [editors, setEditors] = useState<Editors>(() => handed ?? exampleOf(config));
  const [state, setState] = useState<State>({ kind: 'idle' });
  const begun = useRef(false);

  const run = () => {
    setState({ kind: 'running' });
    keep(editors);
    runOperation(config, explain, editors).then(
      (outcome) => setState({ kind: 'done', outcome }),
      (error: Error) => setState({ kind: 'failed', message: error.message }),
    );
  };

  // Anybody can make a link to this page; so what may change something waits for the button.
  useEffect(() => {
    if (begun.current || !handed || !isQuery(handed.operation, handed.operationName)) return;
    begun.current = true;
    run();
  });

  const isRunning = state.kind === 'running';
  return (
    <>
      <header className="bar">
        <h1>{config.title}</h1>
        <a href={explain.explorer}>Explorer</a>
      </header>
      <div className="columns">
        <OperationForm editors={editors} onChange={setEditors} onRun={run} isRunning={isRunning} />
        <main aria-live="polite" aria-busy={isRunning}>
          {state.kind === 'idle' && <p className="hint">Run an operation to see each fetch that it takes.</p>}
          {isRunning && <p className="hint">Running…</p>}
          {state.kind === 'failed' && (
            <p className="failure" role="alert">
              {state.message}
            </p>
          )}
          {state.kind === 'done' && <Result outcome={state.outcome} />}
        </main>
      </div>
    </>
  );
}

function exampleOf({ example }: ExplorerConfig): Editors {
  const json = (value: object | undefined) => (value ? JSON.stringify(value, null, 2) : '');
  return {
    operation: example?.query ?? '',
    operationName: '',
    variables: json(example?.variables),
    headers: json(example?.headers),
  };
}
