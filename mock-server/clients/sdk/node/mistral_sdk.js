// @mistralai/mistralai: `page_token` and `next_page_token`.

const { base, run, walk } = require("./listed.js");

async function* ids(pages) {
  for await (const page of await pages) for (const one of page.result.data) yield one.id;
}

run(async () => {
  // A module of the other kind.
  const { Mistral } = await import(require.resolve("@mistralai/mistralai"));
  const client = new Mistral({ apiKey: "token-of-ada", serverURL: base, retryConfig: { strategy: "none" } });
  await walk("/v1/agents/pages", (own, pageSize) => ids(client.beta.agents.listPages({ pageSize })));
});
