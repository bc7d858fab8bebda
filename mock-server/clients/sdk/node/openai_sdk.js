// openai: its cursor page is an async iterable.

const OpenAI = require("openai");

const { base, each, run, walk } = require("./listed.js");

const client = new OpenAI({ apiKey: "token-of-ada", baseURL: `${base}/v1`, maxRetries: 0 });

run(async () => {
  await walk("/files", (own, limit) => each(client.files.list({ limit })));
  await walk("/fine_tuning/jobs", (own, limit) => each(client.fineTuning.jobs.list({ limit })));
  await walk("/vector_stores", (own, limit) => each(client.vectorStores.list({ limit })));
});
