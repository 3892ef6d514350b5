import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import {
  type PlanRequest,
  READY,
  type SentPlan,
  type WorkerInput,
} from '../../src/execution/planning-workers/messages.ts';

// Stands in a planner's place, and does what it is told instead of planning. Its supergraph is a folder.
const { sdl: folder } = workerData as WorkerInput;

/** Whether nobody asked before, in any thread. */
function isFirst(name: string): boolean {
  try {
    closeSync(openSync(join(folder, name), 'wx'));
    return true;
  } catch {
    return false;
  }
}

parentPort?.on('message', ({ source }: PlanRequest) => {
  if (source === 'die' || (source === 'die once' && isFirst('died'))) process.exit(3);
  while (source === 'hang');
  const answer: SentPlan = {
    kind: 'plan',
    plan: { kind: 'QueryPlan' },
    byField: new Map(),
    clientNames: new Map(),
    planning: 0,
  };
  parentPort?.postMessage(answer);
});
parentPort?.postMessage(READY);
