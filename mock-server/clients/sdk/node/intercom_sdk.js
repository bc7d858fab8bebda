// intercom-client: `pages.next.starting_after`, an opaque text.

const { IntercomClient } = require("intercom-client");

const { base, run, walk } = require("./listed.js");

const client = new IntercomClient({ token: "token-of-ada", environment: base, maxRetries: 0 });

async function* ids(page) {
  for await (const one of await page) yield one.id;
}

run(async () => {
  await walk("/conversations", (own, limit) => ids(client.conversations.list({ per_page: limit })));
});
