// box-node-sdk: an offset, which goes on behind the limit that was applied, or a marker in requests with a flag.

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

async function* byMarker(own, limit) {
  for (let marker; ; ) {
    const page = await client.users.getUsers({ limit, usemarker: true, marker });
    for (const one of page.entries) yield one.id;
    marker = page.nextMarker;
    if (!marker) return;
  }
}

run(async () => {
  const ids = await walk("/users", byOffset, { how: "offset" });
  await walk("/users", byMarker, { how: "marker", like: ids });
});
