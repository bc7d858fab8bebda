// The control path as functions, and the known state of the mock.

/** A refusal of the mock, in words for people. */
export class Refusal extends Error {
  constructor(status, problem) {
    const cure = problem?.cure ? ` – ${problem.cure}` : "";
    super(problem?.detail ? `${problem.detail}${cure}` : `the mock answered ${status}`);
    this.status = status;
  }
}

/** The number of times that a change was sent or answered. */
let changes = 0;

/** Sends a request to the control path. Resolves to the JSON of the answer, or to `null` without a body. */
export async function control(method, path, body) {
  let response;
  const changed = () => (changes += method === "GET" ? 0 : 1);
  changed();
  try {
    response = await fetch(new URL(path, document.baseURI), {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: body === undefined ? {} : { "content-type": "application/json" },
    });
  } catch {
    throw new Refusal(0, { detail: "the mock does not answer", cure: "check whether it is still running" });
  } finally {
    changed();
  }
  const text = await response.text();
  const said = text && /json/.test(response.headers.get("content-type") ?? "") ? JSON.parse(text) : null;
  if (!response.ok) throw new Refusal(response.status, said);
  return said;
}

/** The path of a job under the control path. */
export function jobPath(job, tail = "") {
  return `jobs/${encodeURIComponent(job.timeline)}/${encodeURIComponent(job.id)}${tail}`;
}

/** The known state of the mock. `undefined` is not known yet; `null` is missing in this mock. */
export const known = {
  documents: undefined,
  pictures: "",
  served: [],
  owners: undefined,
  collections: undefined,
  jobs: undefined,
  time: undefined,
  faults: undefined,
  scenario: undefined,
  reachable: true,
};

const listeners = new Set();

/** Calls `listener` at each change of the known state. Returns a function that ends this. */
export function onKnown(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function learn(facts) {
  Object.assign(known, facts);
  for (const listener of [...listeners]) listener();
}

/** The text in the words of the documents: a list is not called a job unless every list belongs to one. */
export function worded(text) {
  const paths = (known.documents ?? []).map((one) => one.path);
  if (paths.every((path) => /job/i.test(path))) return text;
  return text.replace(/\b([Jj])ob(s?)\b/g, (_, first, plural) => `${first === "J" ? "List" : "list"}${plural}`);
}

/**
 * What `read` resolves to. It is read again if a change was sent meanwhile, because the answers may be older than the
 * change, and would undo what the page shows of it.
 */
async function current(read) {
  for (;;) {
    const before = changes;
    const found = await read();
    if (changes === before) return found;
  }
}

/** Learns the state that changes only with the documents or the scenario. */
export async function learnWorld() {
  const read = () => Promise.all([control("GET", "documents"), control("GET", "owners")]);
  const [{ documents, pictures, served }, { owners }] = await current(read);
  learn({ documents, pictures, served, owners });
}

export async function learnJobs() {
  const { jobs } = await current(() => control("GET", "jobs"));
  learn({ jobs });
}

/** Learns the collections, and how many of their items were changed. */
export async function learnCollections() {
  const { collections } = await current(() => control("GET", "collections"));
  learn({ collections });
}

/** Learns clock, faults and scenario. A part that this mock lacks becomes `null`. */
export async function learnState() {
  const part = (path) => control("GET", path).catch((error) => (error.status === 404 ? null : Promise.reject(error)));
  const [time, faults, scenario] = await current(() => Promise.all([part("time"), part("faults"), part("scenario")]));
  const moved = known.scenario && scenario && known.scenario.loaded !== scenario.loaded;
  learn({ time: time && { ...time, read: performance.now() }, faults, scenario });
  if (moved) await learnWorld();
}

/** Repeats `task` while the page is visible, also after a failure. Returns a function that ends this. */
export function repeat(task, every) {
  let ended = false;
  let timer;
  async function round() {
    clearTimeout(timer);
    if (ended) return;
    if (!document.hidden) {
      try {
        await task();
        if (!known.reachable) learn({ reachable: true });
      } catch (error) {
        if (error.status === 0) learn({ reachable: false });
      }
    }
    if (!ended) timer = setTimeout(round, every);
  }
  const seen = () => !document.hidden && round();
  document.addEventListener("visibilitychange", seen);
  round();
  return () => {
    ended = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", seen);
  };
}
