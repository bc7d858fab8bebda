// Walks a list with an SDK, and holds what comes to what the mock says of the list: every item, once.
//
// A program calls `walk` for each of its lists. Each walk is one line of JSON on standard output; the program ends
// with 1 if one of them was wrong.

// Pages of several lengths must make one list. Neither divides the number of items, and both are allowed anywhere.
const LIMITS = [7, 20];

// A longer list shows an SDK nothing new.
const LONGEST = 1000;

// A walk without an end is wrong, too.
const PATIENCE_SECONDS = 60;

// The server's URL, from the command line.
const base = process.argv[2]?.replace(/\/$/, "");
if (!base) {
  console.error("Error: say where the server is, as in http://127.0.0.1:4010");
  process.exit(2);
}

let failed = false;

// The control path's answer; behind a proxy, the mock itself is the second argument.
async function control(path) {
  const answer = await fetch(`${process.argv.at(-1).replace(/\/$/, "")}/__mock/${path}`);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

// The longest list of the operation that the first owner has: the values of its path, and how many items it has.
// Null if the document, which may have a part of the API only, has no such operation.
async function listed(method, path) {
  const { operations } = await control("operations");
  const operation = operations.find((one) => one.method === method && one.path === path);
  if (!operation) return null;
  if (!operation.timeline) throw new Error("the mock does not page it");
  const lists = (await control(`jobs?timeline=${encodeURIComponent(operation.timeline)}`)).jobs;
  const own = lists.filter((one) => one.owner === lists[0].owner && !one.grows && one.events <= LONGEST);
  const longest = own.reduce((one, other) => (other.events > one.events ? other : one));
  const names = [...path.matchAll(/\{([^}]*)\}/g)].map((found) => found[1]);
  return { path: longest.path ?? { [names[0]]: longest.id }, items: longest.events };
}

// What is wrong with a walk that gave `ids`, if another gave `first` before.
function wrong(own, ids, first) {
  const again = ids.length - new Set(ids).size;
  if (again) return `${again} items came again`;
  if (ids.length !== own.items) return `${ids.length} items came, of ${own.items}`;
  if (first && ids.join() !== first.join()) return "the items came in another order";
  return null;
}

// Walks a list by pages of each limit. `idsOf(list, limit)` gives the items' ids as the SDK meets them; they must be
// `like`, if an earlier walk is given. Gives the ids.
async function walk(path, idsOf, { how = "forward", method = "GET", limits = LIMITS, like } = {}) {
  let [first, error, items] = [like, null, 0];
  try {
    const own = await listed(method, path);
    if (!own) return [];
    items = own.items;
    for (const limit of limits) {
      const ids = [];
      for await (const id of idsOf(own, limit)) {
        ids.push(id);
        // One that has no end is ended.
        if (ids.length > 2 * own.items + 100) break;
      }
      const reason = wrong(own, ids, first);
      if (reason) throw new Error(`by ${limit}: ${reason}`);
      first = ids;
    }
  } catch (raised) {
    error = `${raised?.constructor?.name}: ${raised?.message ?? JSON.stringify(raised)}`;
  }
  failed ||= error !== null;
  console.log(JSON.stringify({ list: `${method} ${path}`, walk: how, items, wrong: error }));
  return first ?? [];
}

// Runs the walks of a program, and ends it.
function run(walks) {
  setTimeout(() => {
    console.error(`Error: no end after ${PATIENCE_SECONDS} s`);
    process.exit(1);
  }, PATIENCE_SECONDS * 1000).unref();
  walks().then(
    () => process.exit(failed ? 1 : 0),
    (error) => {
      console.error(`Error: ${error.message}`);
      process.exit(1);
    },
  );
}

// The field `name` of each item, one after the other.
async function* each(items, name = "id") {
  for await (const item of items) yield item[name];
}

module.exports = { base, each, run, walk };
