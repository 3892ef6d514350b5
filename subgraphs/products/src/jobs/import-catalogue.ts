import type { Task } from '@tributary/jobs';
import { z } from 'zod';
import type { ImportPerformer } from '../services/import/perform-import.ts';

const payloadSchema = z.object({ runId: z.uuid() });

/** The job that reads a file of a catalogue. */
export const createImportCatalogue =
  (imports: ImportPerformer): Task =>
  (payload, job) =>
    imports.perform(payloadSchema.parse(payload).runId, job);
