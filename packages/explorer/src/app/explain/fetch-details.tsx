import type { CacheState, ExplainedFetch } from '../../explanation.ts';
import { place, size, time } from './format.ts';
import { pretty } from './operations.ts';

const CACHE: Readonly<Record<CacheState, string>> = {
  none: 'not used',
  hit: 'all from the cache',
  partial: 'some from the cache',
  miss: 'nothing in the cache',
  shared: 'shared with another request that asked the same',
};

/** All that is known of one request. */
export function FetchDetails({ fetch }: { fetch: ExplainedFetch }) {
  const { start, end, bytesOut, bytesIn, status, attempts, error, errors, cache, parts } = fetch;
  const facts = [
    ['Time', `${time(start)} to ${time(end)}`],
    ['Sent', size(bytesOut)],
    ['Received', size(bytesIn)],
    ['HTTP status', status === null ? '–' : String(status)],
    ...(attempts > 1 ? [['Attempts', String(attempts)]] : []),
    ...(attempts === 0 ? [['Way', 'not over HTTP']] : []),
    ...(error ? [['Failure', error]] : []),
    ...(errors > 0 ? [['Errors in it', String(errors)]] : []),
    ['Cache', CACHE[cache]],
  ];
  return (
    <div className="details">
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={`${name} ${value}`}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <table>
        <caption>What it is for</caption>
        <thead>
          <tr>
            <th scope="col">Fetch</th>
            <th scope="col">Place in the answer</th>
            <th scope="col">Objects</th>
            <th scope="col">Entities asked for</th>
          </tr>
        </thead>
        <tbody>
          {parts.map(({ id, path, entities }) => (
            <tr key={id}>
              <td>#{id}</td>
              <td>{place(path)}</td>
              <td>{entities?.wanted ?? '–'}</td>
              <td>{entities?.sent ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <pre>{pretty(fetch.query)}</pre>
    </div>
  );
}
