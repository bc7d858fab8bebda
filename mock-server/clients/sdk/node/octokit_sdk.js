// octokit: `paginate.iterator`, which follows the `Link` header, also of lists inside of an object.

const { base, run, walk } = require("./listed.js");

async function* ids(client, route, parameters) {
  for await (const page of client.paginate.iterator(route, parameters)) {
    for (const item of page.data) yield item.id;
  }
}

run(async () => {
  // A module of the other kind, beside the packages.
  const { Octokit } = await import(require.resolve("octokit").replace(/^(?=[A-Z]:)/i, "file:///"));
  const client = new Octokit({ auth: "token-of-ada", baseUrl: base, retry: { enabled: false }, throttle: { enabled: false } });
  const path = (own, limit) => ({ owner: own.path.owner, repo: own.path.repo, per_page: limit });
  await walk("/repos/{owner}/{repo}/issues", (own, limit) =>
    ids(client, client.rest.issues.listForRepo, path(own, limit)),
  );
  await walk("/repos/{owner}/{repo}/actions/runs", (own, limit) =>
    ids(client, client.rest.actions.listWorkflowRunsForRepo, path(own, limit)),
  );
});
