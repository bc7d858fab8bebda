// svix: `iterator` in, `iterator` and `done` out.

const { Svix } = require("svix");

const { base, run, walk } = require("./listed.js");

const client = new Svix("token-of-ada", { serverUrl: base, numRetries: 0 });

async function* ids(pageAt) {
  let iterator;
  for (;;) {
    const page = await pageAt(iterator);
    for (const one of page.data) yield one.id;
    if (page.done) return;
    iterator = page.iterator;
  }
}

run(async () => {
  await walk("/api/v1/app", (own, limit) => ids((iterator) => client.application.list({ limit, iterator })));
  await walk("/api/v1/app/{app_id}/endpoint", (own, limit) =>
    ids((iterator) => client.endpoint.list(own.path.app_id, { limit, iterator })),
  );
});
