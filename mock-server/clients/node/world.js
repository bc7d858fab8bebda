// What the mock says of itself, and what a check needs: the jobs that there are, and a way to fail.

const TOKENS = { ada: "token-of-ada", grace: "token-of-grace" };

// Longer timelines show a client nothing new.
const LONGEST = 300;

// The server's URL, from the command line.
const base = process.argv[2]?.replace(/\/$/, "");
if (!base) {
  console.error("Error: say where the server is, as in http://127.0.0.1:4010");
  process.exit(2);
}

function expect(holds, otherwise) {
  if (!holds) throw new Error(otherwise);
}

// The control path's answer; behind a proxy, the mock itself is the second argument.
async function control(method, path, body) {
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const answer = await fetch(`${process.argv.at(-1).replace(/\/$/, "")}/__mock/${path}`, { method, body: sent });
  const text = await answer.text();
  expect(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : undefined;
}

// The jobs of a timeline that are not too long.
async function jobs(timeline) {
  const listed = (await control("GET", "jobs")).jobs;
  const own = listed.filter((job) => job.timeline === timeline && job.events <= LONGEST);
  expect(own.length > 3, `only ${own.length} jobs of ${timeline} are there to look at`);
  return own;
}

// Each event once, and as many as there are.
function sameOnce(seen, job) {
  expect(new Set(seen).size === seen.length, `${job.id}: an event came twice among ${seen}`);
  expect(seen.length === job.events, `${job.id}: ${seen.length} events came, of ${job.events}`);
}

// Undoes what was done before, and runs the checks in turn; the first that fails ends the program.
async function run(...checks) {
  try {
    await control("POST", "reset");
    for (const check of checks) console.log(await check());
  } catch (error) {
    console.error(`Error: ${error.message}`);
    process.exit(1);
  }
}

module.exports = { TOKENS, base, control, expect, jobs, run, sameOnce };
