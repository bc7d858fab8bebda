// The openai SDK's cursor page walks training jobs from end to end, and refusals are its exceptions.

const OpenAI = require("openai");
const { CursorPage } = require("openai/core/pagination");

const { TOKENS, base, control, expect, jobs, run, sameOnce } = require("./world.js");

const UNKNOWN = "0a000000-0000-4000-8000-00000000ffff";

async function walk(token, job, query = {}, headers = {}) {
  const client = new OpenAI({ apiKey: token, baseURL: `${base}/v1`, maxRetries: 0 });
  const path = `/preview/training-jobs/${job}/events`;
  const seen = [];
  for await (const event of client.getAPIList(path, CursorPage, { query, headers })) seen.push(event.id);
  return seen;
}

async function walks() {
  const lengths = new Set();
  for (const job of await jobs("wandb-training")) {
    if (job.grows) continue;
    lengths.add(job.events);
    const token = TOKENS[job.owner];
    const seen = await walk(token, job.id);
    sameOnce(seen, job);
    const sevens = await walk(token, job.id, { limit: 7 });
    expect(sevens.join() === seen.join(), `${job.id}: by sevens it is another list`);
  }
  for (const length of [0, 1, 20, 21, 100]) expect(lengths.has(length), `no job of ${length} events was walked`);
  return `walked jobs of ${[...lengths].sort((one, other) => one - other)} events`;
}

// The last cursor stays good: what comes later lies behind it.
async function growth() {
  const job = (await jobs("wandb-training")).find((job) => job.grows);
  const token = TOKENS[job.owner];
  const seen = await walk(token, job.id);
  await control("POST", `jobs/wandb-training/${job.id}/events`);
  const later = await walk(token, job.id, { after: seen.at(-1) });
  expect(later.length > 0, "an event was appended, and the last cursor leads to nothing");
  expect(!later.some((id) => seen.includes(id)), "an event came again behind the last cursor");
  return `${seen.length} events, then ${later.length} more`;
}

async function refusals() {
  const job = (await jobs("wandb-training")).find((job) => job.events);
  const token = TOKENS[job.owner];
  const stranger = Object.entries(TOKENS).find(([owner]) => owner !== job.owner)[1];
  const cases = [
    [OpenAI.AuthenticationError, () => walk("wrong", job.id)],
    [OpenAI.NotFoundError, () => walk(token, UNKNOWN)],
    [OpenAI.NotFoundError, () => walk(stranger, job.id)],
    [OpenAI.UnprocessableEntityError, () => walk(token, job.id, { limit: 0 })],
    [OpenAI.RateLimitError, () => walk(token, job.id, {}, { Prefer: "code=429" })],
  ];
  for (const [kind, call] of cases) {
    const raised = await call().then(
      () => undefined,
      (error) => error,
    );
    expect(raised instanceof kind, `${kind.name} was due, and ${raised ?? "nothing"} was raised`);
  }
  return `${cases.length} refusals, each as its exception`;
}

run(walks, growth, refusals);
