import { Period } from './period.ts';
import { type Reading, uptimeOf } from './read-services.ts';
import type { Samples } from './samples.ts';

/** A frame shows what happened in so many readings before: of one second alone, figures would jump. */
const READINGS = 10;

/** A service, over the last seconds. */
export interface ObservedService {
  name: string;
  url: string;
  /** Null while it cannot be reached; `problem` says why. */
  period: Period | null;
  problem?: string;
}

/** Remembers readings, for rates. */
export class History {
  readonly #byUrl = new Map<string, Reading[]>();
  readonly #names = new Map<string, string>();

  /** Adds readings. @returns the services over the time since the oldest reading that counts, at first since their start */
  add(readings: readonly Reading[]): ObservedService[] {
    return readings.map((reading) => this.#observe(reading));
  }

  #observe(reading: Reading): ObservedService {
    const { url, samples, problem, at } = reading;
    if (!samples) {
      this.#byUrl.delete(url);
      return {
        url,
        name: this.#names.get(url) ?? url,
        period: null,
        ...(problem !== undefined && { problem }),
      };
    }
    this.#names.set(url, reading.name);
    const before = this.#byUrl.get(url) ?? [];
    const [oldest] = before;
    this.#byUrl.set(url, [...before, reading].slice(-READINGS));
    const period = oldest?.samples
      ? new Period(oldest.samples, samples, (at - oldest.at) / 1_000)
      : new Period(NOTHING, samples, uptimeOf(samples));
    return { url, name: reading.name, period };
  }
}

const NOTHING: Samples = new Map();
