// masto: the `max_id` of a `Link` header leads to older items.

const { createRestAPIClient } = require("masto");

const { base, run, walk } = require("./listed.js");

const client = createRestAPIClient({ url: base, accessToken: "token-of-ada" });

async function* ids(pages) {
  for await (const page of pages) for (const one of page) yield one.id;
}

run(async () => {
  await walk("/api/v1/accounts/{id}/statuses", (own, limit) =>
    ids(client.v1.accounts.$select(own.path.id).statuses.list({ limit })),
  );
  await walk("/api/v1/bookmarks", (own, limit) => ids(client.v1.bookmarks.list({ limit })));
});
