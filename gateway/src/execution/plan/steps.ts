import type { Execution } from '../execution.ts';

/**
 * A part of a compiled plan, run many times at once.
 *
 * Steps call back, in the turn in which they are done, and wait for nothing else: so all fetches that an answer makes
 * ready are known before the first of them is sent, and those for one subgraph can go together.
 */
export interface Step {
  /** @param done - called once, when the step and all that it started are over */
  run(execution: Execution, done: () => void): void;
}

/** Runs steps one after the other. */
export function sequence(steps: readonly Step[]): Step {
  const runFrom = (index: number, execution: Execution, done: () => void): void => {
    const step = steps[index];
    if (step) step.run(execution, () => runFrom(index + 1, execution, done));
    else done();
  };
  return { run: (execution, done) => runFrom(0, execution, done) };
}

/** Runs steps side by side. */
export function parallel(steps: readonly Step[]): Step {
  return {
    run(execution, done) {
      let running = steps.length;
      if (running === 0) done();
      for (const step of steps) {
        step.run(execution, () => {
          running--;
          if (running === 0) done();
        });
      }
    },
  };
}

/** Runs one of two steps. @param variable - of type `Boolean!` */
export function condition(variable: string, ifTrue: Step | null, ifFalse: Step | null): Step {
  return {
    run(execution, done) {
      const step = execution.isTrue(variable) ? ifTrue : ifFalse;
      if (step) step.run(execution, done);
      else done();
    },
  };
}

/** Tells deferred parts that a fetch, which they depend on, is over. */
export function announced(step: Step, fetchId: string): Step {
  return {
    run(execution, done) {
      step.run(execution, () => {
        done();
        execution.announce(fetchId);
      });
    },
  };
}
