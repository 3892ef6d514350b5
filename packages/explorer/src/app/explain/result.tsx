import { coloursIn } from './colours.ts';
import { PlanTree } from './plan-tree.tsx';
import type { Outcome, ShownError } from './run-operation.ts';
import { Summary } from './summary.tsx';
import { Timeline } from './timeline.tsx';

/** What came of a run, and how. */
export function Result({ outcome }: { outcome: Outcome }) {
  const { explain, errors, data, status } = outcome;
  const colourOf = explain && coloursIn(explain);
  return (
    <>
      {errors.length > 0 && <Errors errors={errors} />}
      {explain && colourOf ? (
        <>
          <Summary explain={explain} roundTrip={outcome.duration} />
          <Timeline explain={explain} colourOf={colourOf} />
          <section className="card" aria-labelledby="plan-title">
            <h2 id="plan-title">Plan</h2>
            {explain.plan ? (
              <PlanTree plan={explain.plan} fetches={explain.fetches} colourOf={colourOf} />
            ) : (
              <p>No subgraph has to be asked.</p>
            )}
            {explain.planText && (
              <details className="more">
                <summary>The plan as text</summary>
                <pre>{explain.planText}</pre>
              </details>
            )}
          </section>
        </>
      ) : (
        <p className="hint">
          The answer, with HTTP {status}, does not say how the operation ran: it did not run.
        </p>
      )}
      {data !== undefined && (
        <details className="card more">
          <summary>The answer</summary>
          <pre>{JSON.stringify(data, null, 2)}</pre>
        </details>
      )}
    </>
  );
}

function Errors({ errors }: { errors: readonly ShownError[] }) {
  return (
    <section className="failure" role="alert">
      <h2>Errors</h2>
      <ul>
        {errors.map(({ message, path, extensions }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list is never changed.
          <li key={index}>
            {extensions?.code && <code>{extensions.code}</code>} {message}
            {path && <span className="quiet"> at {path.join('.')}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
