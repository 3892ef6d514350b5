import type { Call } from './protocol.ts';

/** Counts calls, and writes them down for those who want to repeat them. */
export interface Recorder {
  /** @returns what is to be called when the answer was sent */
  begin(path: string, body: string): () => void;
  /** Calls so far. */
  count(): number;
  /** Begins to write down calls. */
  start(): void;
  /** Ends that, and hands out what was written down. */
  stop(): Call[];
}

/** Makes a recorder that counts from zero and does not write down anything yet. */
export function createRecorder(): Recorder {
  let count = 0;
  let calls: Call[] | undefined;
  let answered: number[] = [];
  return {
    begin(path, body) {
      count++;
      if (!calls) return () => undefined;
      const place = calls.push({ path, body, after: [...answered] }) - 1;
      return () => answered.push(place);
    },
    count: () => count,
    start() {
      calls = [];
      answered = [];
    },
    stop() {
      const written = calls ?? [];
      calls = undefined;
      return written;
    },
  };
}
