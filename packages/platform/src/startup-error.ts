/**
 * A reason not to start that the person at the terminal can act on: its message is one line that names the
 * setting to change. Shown without a stack trace; the process exits with 1.
 */
export class StartupError extends Error {
  override name = 'StartupError';
}
