// What the generated types must refuse, for types that take everything hold nothing.

import createClient from "openapi-fetch";

import type { paths as Training } from "./wandb-training";
import type { paths as Timeline } from "./job-timeline";

export async function misuse(): Promise<void> {
  const training = createClient<Training>();
  // @ts-expect-error: the document has no such path
  await training.GET("/v1/preview/training-jobs");
  await training.GET("/v1/preview/training-jobs/{training_job_id}/events", {
    // @ts-expect-error: a limit is a number
    params: { path: { training_job_id: "x" }, query: { limit: "ten" } },
  });
  const timeline = createClient<Timeline>();
  const { data } = await timeline.GET("/v1/jobs/{public_id}/events", {
    params: { path: { public_id: "x" } },
  });
  // @ts-expect-error: the events may be left out
  data?.events.length;
}
