import { type EventLoopUtilization, performance } from 'node:perf_hooks';

const INTERVAL = 20; // ms between two looks
const WINDOW = 100; // ms

/** Sees how late the event loop is. */
export interface LoopDelay {
  /** Milliseconds that it was late in the last window, on average. */
  readonly current: number;
  stop(): void;
}

/**
 * Measures how late timers are, which is how long whatever comes in has to wait before anybody looks at it.
 *
 * @param onWindow - told of each window the delay, milliseconds, and which part of it the loop had something to do
 */
export function watchLoopDelay(onWindow: (delay: number, utilization: number) => void): LoopDelay {
  let expected = performance.now() + INTERVAL;
  let windowEnd = expected + WINDOW;
  let sum = 0;
  let looks = 0;
  let before: EventLoopUtilization = performance.eventLoopUtilization();
  let current = 0;
  const look = () => {
    const now = performance.now();
    sum += Math.max(0, now - expected);
    looks += 1;
    expected = now + INTERVAL;
    timer.refresh();
    if (now < windowEnd) return;
    current = sum / looks;
    sum = 0;
    looks = 0;
    windowEnd = now + WINDOW;
    const sinceStart = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(sinceStart, before);
    before = sinceStart;
    onWindow(current, utilization);
  };
  const timer = setTimeout(look, INTERVAL).unref();
  return {
    get current() {
      return current;
    },
    stop: () => clearTimeout(timer),
  };
}
