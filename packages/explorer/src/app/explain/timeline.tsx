import type { Explanation } from '../../explanation.ts';
import type { ColourOf } from './colours.ts';
import { FetchDetails } from './fetch-details.tsx';
import { count, size, tickLabel, ticks, time } from './format.ts';

/** What share of the run something takes, in the units of stylesheets. */
const percent = (part: number, whole: number) => `${whole > 0 ? (100 * part) / whole : 0}%`;

/** Each request as a bar on an axis of time; what is known of it opens below. */
export function Timeline({ explain, colourOf }: { explain: Explanation; colourOf: ColourOf }) {
  const { fetches, operation, answer, duration } = explain;
  const preparing = operation.planning + operation.compiling;
  return (
    <section className="card timeline" aria-labelledby="timeline-title">
      <h2 id="timeline-title">Timeline</h2>
      <Axis duration={duration} />
      <ol>
        {!operation.remembered && (
          <li className="row">
            <span className="label">Plan and compile</span>
            <Bar start={0} end={Math.min(preparing, duration)} duration={duration} colour="colour-own" />
          </li>
        )}
        {fetches.map((fetch) => {
          const { subgraph, parts, start, end, error, bytesIn } = fetch;
          const colour = error ? 'colour-error' : colourOf(subgraph);
          const sent = parts.reduce((total, { entities }) => total + (entities?.sent ?? 0), 0);
          return (
            <li key={`${start} ${parts.map(({ id }) => id).join()}`}>
              <details>
                <summary className="row">
                  <span className="label">
                    <span className={`dot ${colourOf(subgraph)}`} />
                    <b>{subgraph}</b>{' '}
                    <span className="quiet whole">
                      {sent > 0 ? count(sent, 'entity', 'entities') : 'root fields'}
                      {parts.length > 1 && `, ${parts.length} fetches joined`}
                    </span>
                    {error && <span className="badge error">{error}</span>}
                    {fetch.cache !== 'none' && <span className="badge">{fetch.cache}</span>}
                  </span>
                  <Bar start={start} end={end} duration={duration} colour={colour} note={size(bytesIn)} />
                </summary>
                <FetchDetails fetch={fetch} />
              </details>
            </li>
          );
        })}
        <li className="row">
          <span className="label">Write the answer</span>
          <Bar start={answer.start} end={answer.end} duration={duration} colour="colour-own" />
        </li>
      </ol>
    </section>
  );
}

function Axis({ duration }: { duration: number }) {
  const marks = ticks(duration);
  return (
    <div className="row axis" aria-hidden="true">
      <span className="label" />
      <span className="track">
        {marks.map((mark) => (
          <span className="tick" key={mark} style={{ left: percent(mark, duration) }}>
            {tickLabel(mark, marks[1] ?? 1)}
          </span>
        ))}
      </span>
    </div>
  );
}

interface BarProps {
  start: number;
  end: number;
  duration: number;
  colour: string;
  /** Stands behind the time. */
  note?: string;
}

function Bar({ start, end, duration, colour, note }: BarProps) {
  const text = [time(end - start), note].filter(Boolean).join(' · ');
  // A text that has no room after its bar stands before it.
  const isLate = end > duration * 0.75;
  const side = isLate && start > duration * 0.25 ? 'before' : isLate ? 'inside' : 'after';
  const left = percent(start, duration);
  const width = percent(end - start, duration);
  return (
    <span className="track" title={`${time(start)} to ${time(end)}`}>
      {ticks(duration).map((mark) => (
        <span className="line" key={mark} style={{ left: percent(mark, duration) }} />
      ))}
      <span className={`span ${colour}`} style={{ left, width }} />
      <span
        className={`span-text ${side}`}
        style={
          side === 'before'
            ? { right: percent(duration - start, duration) }
            : { left: side === 'after' ? percent(end, duration) : left }
        }
      >
        {text}
      </span>
    </span>
  );
}
