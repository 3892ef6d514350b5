/** Holds back what passes through it, until it is opened. */
export interface Gate {
  /** Resolves when the gate is open. */
  pass(): Promise<void>;
  /** Resolves when something waits at the gate. */
  reached: Promise<void>;
  open(): void;
}

export function createGate(): Gate {
  let open: () => void = () => undefined;
  let reach: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const pass = () => {
    reach();
    return opened;
  };
  return { pass, reached, open };
}
