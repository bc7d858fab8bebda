// asana: `next_page.offset` is a token, and `next_page` is null at the end.

const Asana = require("asana");

const { base, run, walk } = require("./listed.js");

const client = Asana.ApiClient.instance;
client.basePath = `${base}/api/1.0`;
client.authentications.token.accessToken = "token-of-ada";

async function* ids(page) {
  for (let here = await page; here.data; here = await here.nextPage()) for (const one of here.data) yield one.gid;
}

run(async () => {
  await walk("/workspaces", (own, limit) => ids(new Asana.WorkspacesApi().getWorkspaces({ limit })));
  await walk("/projects/{project_gid}/tasks", (own, limit) =>
    ids(new Asana.TasksApi().getTasksForProject(own.path.project_gid, { limit })),
  );
});
