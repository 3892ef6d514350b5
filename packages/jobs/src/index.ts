export { addJob, addJobs, type Executor, jobInStatement, type NewJob } from './add-jobs.ts';
export { type JobRecord, type JobState, listJobs, retryJobs } from './operate.ts';
export { runJobsOnce } from './run-jobs-once.ts';
export type { Cron, CronJob, JobContext, Task, Tasks } from './task.ts';
export type { HeartbeatOptions } from './worker/heartbeat.ts';
export { createJobMetrics, type JobMetrics } from './worker/job-metrics.ts';
export type { JobCount } from './worker/queue-state.ts';
export { type JobWorker, startWorker, type WorkerOptions } from './worker/start-worker.ts';
