import type { Registry, RunningService } from '@tributary/platform';

/** A gateway that listens. */
export interface RunningGateway extends RunningService {
  /** `http://host:port` or `https://host:port`, without a path. */
  url: string;
  /** Where `/metrics` is. */
  adminUrl: string;
  metrics: Registry;
  /** Answers "not ready" from now on, while requests are still served. */
  drain(): void;
}
