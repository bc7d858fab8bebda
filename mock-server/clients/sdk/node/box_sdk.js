// box-node-sdk: the next offset is behind the limit that the answer says was applied.

const { BoxClient, BoxDeveloperTokenAuth } = require("box-node-sdk");
const { BaseUrls } = require("box-node-sdk/networking/baseUrls");
const { NetworkSession } = require("box-node-sdk/networking/network");

const { base, run, walk } = require("./listed.js");

const baseUrls = new BaseUrls({ baseUrl: base, uploadUrl: base, oauth2Url: base });
const client = new BoxClient({
  auth: new BoxDeveloperTokenAuth({ token: "token-of-ada" }),
  networkSession: new NetworkSession({ baseUrls }),
});

async function* byOffset(own, limit) {
  for (let offset = 0; ; ) {
    const page = await client.users.getUsers({ limit, offset });
    for (const one of page.entries) yield one.id;
    offset += page.limit;
    if (offset >= page.totalCount) return;
  }
}

run(() => walk("/users", byOffset, { how: "offset" }));
