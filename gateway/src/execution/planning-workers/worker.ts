import { parentPort, workerData } from 'node:worker_threads';
import { Supergraph } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { GraphQLError, parse } from 'graphql';
import { createPlanning } from '../planning/planning.ts';
import { UnplannableError, UnresolvableError } from '../planning/planning-errors.ts';
import { type PlanReply, type PlanRequest, READY, type SentFailure, type WorkerInput } from './messages.ts';

// The program of a worker thread: it loads a supergraph as `ApolloGateway` does, then plans one operation after the other.
const supergraph = Supergraph.build((workerData as WorkerInput).sdl);
const planning = createPlanning(new QueryPlanner(supergraph), supergraph.apiSchema());

parentPort?.on('message', (request: PlanRequest) => parentPort?.postMessage(answerTo(request)));
parentPort?.postMessage(READY);

function answerTo({ source, ...options }: PlanRequest): PlanReply {
  try {
    const { names, ...built } = planning.build(parse(source, { noLocation: true }), options);
    const { byField, clientNames } = names;
    return { kind: 'plan', ...built, byField, clientNames };
  } catch (error) {
    return failureOf(error);
  }
}

function failureOf(error: unknown): SentFailure {
  if (!(error instanceof Error)) return { kind: 'fault', message: String(error), stack: undefined };
  const { message, stack } = error;
  if (error instanceof UnplannableError) return { kind: 'unplannable', message, stack };
  if (error instanceof UnresolvableError) return { kind: 'unresolvable', message, stack };
  if (error instanceof GraphQLError) return { kind: 'invalid', message, stack, extensions: error.extensions };
  return { kind: 'fault', message, stack };
}
