import { Counter, type Registry } from '@tributary/platform';
import { FAULT_CODES, type FaultCode } from '../errors/faults.ts';

/** Registers the faults of operations. @returns what counts one, by the first code of a fault in its answer */
export function createFaultCounter(registry: Registry): (code: FaultCode) => void {
  const faults = new Counter({
    name: 'gateway_operation_faults_total',
    help: 'Operations with an error that is no fault of the client, by the first code of such an error in the answer',
    labelNames: ['code'],
    registers: [registry],
  });
  // What rates are made from has to be there before the first one.
  for (const code of FAULT_CODES) faults.inc({ code }, 0);
  return (code) => faults.inc({ code });
}
