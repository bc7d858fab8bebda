// The state of a job.

import { contractOf, isFailure } from "./contract.js";

/** The state of a job: growing, ended, failed or empty; still if it neither grows nor ended. */
export function stateOf(job) {
  if (job.ended) return isFailure(contractOf(job.timeline) ?? { terminal: [] }, job.ending) ? "failed" : "ended";
  if (job.grows) return "growing";
  return job.events === 0 ? "empty" : "still";
}
