// plaid: a cursor in the body of a POST; `next_cursor` and `has_more` in the answer.

const { Configuration, PlaidApi } = require("plaid");

const { base, run, walk } = require("./listed.js");

const headers = { "PLAID-CLIENT-ID": "token-of-ada", "PLAID-SECRET": "token-of-ada" };
const client = new PlaidApi(new Configuration({ basePath: base, baseOptions: { headers } }));

async function* transactions(own, count) {
  for (let cursor; ; ) {
    const { data } = await client.transactionsSync({ access_token: "token-of-ada", count, cursor });
    for (const one of data.added) yield one.transaction_id;
    if (!data.has_more) return;
    cursor = data.next_cursor;
  }
}

run(() => walk("/transactions/sync", transactions, { method: "POST" }));
