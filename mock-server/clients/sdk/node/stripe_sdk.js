// stripe: its list is an async iterable, in both directions; backward, the SDK turns each page around.

const Stripe = require("stripe");

const { base, each, run, walk } = require("./listed.js");

const { hostname: host, port } = new URL(base);
const client = new Stripe("sk_test_of_ada", { protocol: "http", host, port, maxNetworkRetries: 0, telemetry: false });

run(async () => {
  const customers = await walk("/v1/customers", (own, limit) => each(client.customers.list({ limit })));
  // The items before the last one, and the last one itself, which is not before itself.
  const last = customers.at(-1);
  const backward = async function* (own, limit) {
    yield last;
    yield* each(client.customers.list({ limit, ending_before: last }));
  };
  await walk("/v1/customers", backward, { how: "backward", like: customers.toReversed() });
});
