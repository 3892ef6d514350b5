import type { FormEvent, KeyboardEvent } from 'react';
import type { Editors } from '../hand-over.ts';
import { operationNamesIn } from './operations.ts';

interface OperationFormProps {
  editors: Editors;
  onChange(editors: Editors): void;
  onRun(): void;
  isRunning: boolean;
}

/** Where the operation is written, with its variables and headers. */
export function OperationForm({ editors, onChange, onRun, isRunning }: OperationFormProps) {
  const names = operationNamesIn(editors.operation);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onRun();
  };
  const runByKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (!isRunning) onRun();
  };
  const editor = (name: keyof Editors, label: string, rows: number) => (
    <div className="editor">
      <label htmlFor={name}>{label}</label>
      <textarea
        id={name}
        rows={rows}
        spellCheck={false}
        autoComplete="off"
        value={editors[name]}
        onChange={({ target }) => onChange({ ...editors, [name]: target.value })}
      />
    </div>
  );
  return (
    <form className="card form" onSubmit={submit} onKeyDown={runByKey}>
      {editor('operation', 'Operation', 16)}
      {names.length > 1 && (
        <div className="editor">
          <label htmlFor="operationName">Which operation</label>
          <select
            id="operationName"
            value={editors.operationName}
            onChange={({ target }) => onChange({ ...editors, operationName: target.value })}
          >
            <option value="">Choose one</option>
            {names.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </div>
      )}
      {editor('variables', 'Variables (JSON)', 4)}
      {editor('headers', 'Headers (JSON)', 3)}
      <button type="submit" disabled={isRunning}>
        Run <kbd>Ctrl ⏎</kbd>
      </button>
    </form>
  );
}
