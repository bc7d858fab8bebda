// twilio: `each` and `list`, which follow `meta.next_page_url` of the v1 APIs.

const twilio = require("twilio");

const { base, each, run, walk } = require("./listed.js");

// Sends to the mock what is meant for any host of Twilio.
class Local extends twilio.RequestClient {
  request(options) {
    return super.request({ ...options, uri: options.uri.replace(/^https:\/\/[a-z.]*twilio\.com/, base) });
  }
}

const client = twilio("AC0123456789abcdef0123456789abcdef", "token-of-ada", { httpClient: new Local() });

run(async () => {
  const { v1 } = client.conversations;
  const all = async function* (list, pageSize) {
    yield* each(await list.list({ pageSize }), "sid");
  };
  await walk("/v1/Conversations", (own, limit) => all(v1.conversations, limit));
  await walk("/v1/Conversations/{ConversationSid}/Messages", (own, limit) =>
    all(v1.conversations(own.path.ConversationSid).messages, limit),
  );
});
