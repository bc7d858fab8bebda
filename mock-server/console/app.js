// The whole page: the choice of the view, and the keys that work everywhere.

import { known, learn, learnCollections, learnState, learnWorld, repeat, worded } from "./api.js";
import { collectionsView } from "./collections.js";
import { ask, h } from "./dom.js";
import { jobsView } from "./jobs.js";
import { operationsView } from "./operations.js";
import { referenceView } from "./reference.js";
import { requestsView } from "./requests.js";
import { route } from "./router.js";
import { showStatus } from "./status.js";
import { switchesView } from "./switches.js";

const VIEWS = { jobs: jobsView, requests: requestsView, switches: switchesView, reference: referenceView, operations: operationsView, collections: collectionsView };
const NAMES = Object.keys(VIEWS);
const main = document.getElementById("main");

/** The current view: its name, its reaction to another route, and its end. */
let shown = null;

function show() {
  const { segments, query } = route();
  const name = segments[0] in VIEWS ? segments[0] : first();
  if (shown?.name !== name) {
    shown?.leave?.();
    main.replaceChildren();
    main.dataset.view = name;
    for (const link of document.querySelectorAll("[data-view]")) {
      if (link.dataset.view === name) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    shown = { name, ...VIEWS[name](main) };
  }
  shown.go(segments.slice(1), query);
}

/** The view of an address that names none: jobs are followed, other lists are changed, and what has neither is tried. */
function first() {
  if (known.documents.length > 0 && worded("job") === "job") return "jobs";
  if (known.collections?.length > 0) return "collections";
  return known.documents.length > 0 ? "jobs" : "operations";
}

const KEYS = [
  ["/", "filter the list"],
  ["↑ ↓", "move in a list; Enter opens"],
  ["1 – 6", "jobs, requests, switches, API, operations, collections"],
  ["t / g", "a job's timeline, or its pages"],
  ["a", "append an event to the job, or create an item"],
  ["n", "the next page"],
  ["p", "pause, or go on"],
  ["d", "dark or light"],
  ["Esc", "back to the list"],
];

function help() {
  const rows = KEYS.map(([key, does]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, worded(does))));
  ask("Keys", [h("dl", { class: "keylist" }, ...rows)], "Done");
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const typing = event.target.matches("input, textarea, select");
  if (typing && event.key !== "Escape") return;
  const view = NAMES[Number(event.key) - 1];
  if (view) location.hash = `#/${view}`;
  else if (event.key === "/") main.querySelector("[data-filter]")?.focus();
  else if (event.key === "?") help();
  else if (event.key === "d") window.theme.toggle();
  else if (event.key === "Escape") {
    if (typing) event.target.blur();
    else main.querySelector("[data-back]")?.click();
  } else {
    const pressed = main.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!pressed) return;
    pressed.click();
  }
  event.preventDefault();
}

/** Shows the view when everything that it needs is known. */
async function begin() {
  await learnWorld();
  const collections = document.querySelector('[data-view="collections"]');
  // To find them takes a while in a large document, and only some views need them.
  const found = learnCollections().then(
    () => (collections.hidden = known.collections.length === 0),
    () => {},
  );
  if (!(route().segments[0] in VIEWS)) await found;
  const jobs = document.querySelector('[data-view="jobs"]');
  jobs.textContent = worded("Jobs");
  addEventListener("hashchange", show);
  document.addEventListener("keydown", onKey);
  show();
}

showStatus({ help });
repeat(async () => {
  if (known.documents === undefined) await begin();
}, 1000);
repeat(learnState, 2000);
addEventListener("offline", () => learn({ reachable: false }));
