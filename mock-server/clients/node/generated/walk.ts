// Clients generated from the published documents: one walks the training jobs, the other polls the timelines.

import createClient from "openapi-fetch";

import type { paths as Training } from "./wandb-training";
import type { paths as Timeline } from "./job-timeline";

interface Job {
  id: string;
  owner: string;
  events: number;
  grows: boolean;
  ended: boolean;
}

interface World {
  TOKENS: Record<string, string>;
  base: string;
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  expect(holds: boolean, otherwise: string): asserts holds;
  jobs(timeline: string): Promise<Job[]>;
  run(...checks: (() => Promise<string>)[]): Promise<void>;
  sameOnce(seen: unknown[], job: Job): void;
}

declare function require(name: string): unknown;
const world: World = require("../../world.js") as World;
const { TOKENS, base, control, jobs, run, sameOnce } = world;

const headersOf = (owner: string) => ({ Authorization: `Bearer ${TOKENS[owner]}` });

async function walk(job: Job): Promise<string[]> {
  const client = createClient<Training>({ baseUrl: base, headers: headersOf(job.owner) });
  const seen: string[] = [];
  let after: string | undefined;
  for (;;) {
    const { data, error, response } = await client.GET("/v1/preview/training-jobs/{training_job_id}/events", {
      params: { path: { training_job_id: job.id }, query: { after, limit: 10 } },
    });
    world.expect(data !== undefined, `${job.id}: ${response.status} ${JSON.stringify(error)}`);
    seen.push(...data.data.map((event) => event.id));
    after = data.data.at(-1)?.id;
    if (!data.has_more) return seen;
  }
}

async function walks(): Promise<string> {
  let walked = 0;
  for (const job of await jobs("wandb-training")) {
    if (job.grows) continue;
    sameOnce(await walk(job), job);
    walked += 1;
  }
  return `walked ${walked} training jobs`;
}

async function polled(job: Job): Promise<number[]> {
  const client = createClient<Timeline>({ baseUrl: base, headers: headersOf(job.owner) });
  const seen: number[] = [];
  let since: number | null | undefined;
  for (let poll = 0; poll < 1000; poll += 1) {
    const { data, error, response } = await client.GET("/v1/jobs/{public_id}/events", {
      params: { path: { public_id: job.id }, query: { since } },
    });
    world.expect(data !== undefined, `${job.id}: ${response.status} ${JSON.stringify(error)}`);
    const events = data.events ?? [];
    seen.push(...events.map((event) => event.seq));
    if (events.some((event) => ["succeeded", "failed"].includes(event.event_type))) return seen;
    since = data.latest_seq ?? since;
    // What runs is helped on, and to its end.
    const act = poll < 5 ? "events" : "finish";
    await control("POST", `jobs/job-timeline/${job.id}/${act}`);
  }
  throw new Error(`${job.id}: no end after ${seen.length} events`);
}

async function polls(): Promise<string> {
  const watched = (await jobs("job-timeline")).filter((job) => job.ended || job.grows);
  for (const job of watched) {
    const seen = await polled(job);
    const ordered = seen.every((number, place) => place === 0 || (seen[place - 1] ?? number) < number);
    world.expect(ordered, `${job.id}: not each event once and in order: ${seen}`);
    const now = (await jobs("job-timeline")).find((one) => one.id === job.id) ?? job;
    sameOnce(seen, now);
  }
  return `polled ${watched.length} timelines to their end`;
}

async function refusals(): Promise<string> {
  const client = createClient<Training>({ baseUrl: base, headers: headersOf("ada") });
  const { error, response } = await client.GET("/v1/preview/training-jobs/{training_job_id}/events", {
    params: { path: { training_job_id: "x" }, query: { limit: 0 } },
  });
  world.expect(response.status === 422, `a limit of 0 gives ${response.status}`);
  const place = error?.detail?.[0]?.loc.join(".");
  world.expect(place === "query.limit", `the refusal is about ${place}`);
  return `a refusal about ${place}`;
}

void run(walks, polls, refusals);
