import type { Explanation } from '../../explanation.ts';
import { count, size, time } from './format.ts';

const sum = (numbers: readonly (number | null)[]) =>
  numbers.reduce<number>((total, one) => total + (one ?? 0), 0);

/** The run in figures. @param roundTrip - milliseconds, as the browser saw them */
export function Summary({ explain, roundTrip }: { explain: Explanation; roundTrip: number }) {
  const { operation, fetches, answer, duration } = explain;
  const sent = fetches.filter(({ attempts }) => attempts > 0);
  const kept = fetches.filter(({ cache }) => cache === 'hit').length;
  const subgraphs = new Set(sent.map(({ subgraph }) => subgraph)).size;
  const parts = sum(sent.map((fetch) => fetch.parts.length));
  const figures = [
    ['Run', time(duration), `${time(roundTrip)} until the browser had it`],
    [
      'Requests',
      String(sent.length),
      [
        count(parts, 'fetch', 'fetches'),
        count(subgraphs, 'subgraph'),
        ...(kept > 0 ? [`${kept} more from the cache`] : []),
      ].join(', '),
    ],
    [
      'From subgraphs',
      size(sum(fetches.map(({ bytesIn }) => bytesIn))),
      `${size(sum(fetches.map(({ bytesOut }) => bytesOut)))} sent to them`,
    ],
    ['Answer', size(answer.bytes), `written in ${time(answer.end - answer.start)}`],
    [
      'Plan',
      operation.remembered ? 'remembered' : time(operation.planning + operation.compiling),
      `${time(operation.planning)} to plan, ${time(operation.compiling)} to compile`,
    ],
  ] as const;
  return (
    <dl className="figures" aria-label="The run in figures">
      {figures.map(([name, value, note]) => (
        <div className="card" key={name}>
          <dt>{name}</dt>
          <dd className="figure">{value}</dd>
          <dd className="quiet">{note}</dd>
        </div>
      ))}
    </dl>
  );
}
