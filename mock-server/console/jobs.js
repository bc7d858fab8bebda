// The jobs of all timelines, beside the chosen one.

import { known, learnJobs, onKnown, repeat, worded } from "./api.js";
import { contractOf } from "./contract.js";
import { arrows, choices, chose, h, keyed, say } from "./dom.js";
import { jobView } from "./job.js";
import { newJob } from "./newjob.js";
import { address, note } from "./router.js";
import { stateOf } from "./state.js";

const STATES = [
  ["all", "All"],
  ["growing", "Growing"],
  ["ended", "Ended"],
  ["failed", "Failed"],
  ["empty", "Empty"],
  ["still", "At rest"],
];

export const jobKey = (job) => `${job.timeline} ${job.id}`;

/** The view of jobs in `main`. */
export function jobsView(main) {
  let state = "all";
  // `undefined` before the first address; then the chosen job's key, or `null`.
  let chosen;
  let detail = null;
  const filter = h("input", { type: "search", placeholder: "Filter by id, note or owner", "aria-label": worded("Filter jobs"), "data-filter": "", autocomplete: "off", spellcheck: "false" });
  const states = choices("State", STATES, state, (value) => {
    choose(value);
    noted();
  });
  const create = h("button", { type: "button", class: "plain", title: worded("Create a job"), onclick: () => newJob() }, "+ New");
  const rows = h("div", { class: "jobrows" });
  const none = h("p", { class: "hint", hidden: true });
  const pane = h("section", { class: "list pane", "aria-label": worded("Jobs") }, h("div", { class: "tools" }, h("div", { class: "line" }, filter, create), states), rows, none);
  const place = h("section", { class: "detail pane", "aria-label": worded("The chosen job") });
  main.append(pane, place);
  arrows(rows, "a");
  filter.addEventListener("input", () => {
    noted();
    list();
  });
  filter.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    rows.querySelector("a")?.focus();
  });

  function choose(value) {
    state = STATES.some(([one]) => one === value) ? value : "all";
    chose(states, state);
    list();
  }

  /** The address of the list holds its filter. The address of a job does not. */
  function noted() {
    if (!chosen) note(["jobs"], { q: filter.value, state: state === "all" ? "" : state });
  }

  function fits(job) {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const text = `${job.id} ${job.note} ${job.owner} ${job.timeline}`.toLowerCase();
    return words.every((word) => text.includes(word));
  }

  function list() {
    if (!known.jobs) return;
    const found = known.jobs.filter(fits);
    for (const [value, name] of STATES) {
      const count = value === "all" ? found.length : found.filter((job) => stateOf(job) === value).length;
      const one = states.querySelector(`[data-value="${value}"]`);
      say(one, count ? `${name} ${count}` : name);
      one.disabled = count === 0 && value !== state && value !== "all";
    }
    const shown = state === "all" ? found : found.filter((job) => stateOf(job) === state);
    const groups = grouped(shown);
    keyed(rows, [...groups], { key: ([name]) => name, make: ([name]) => group(name), update: (element, [, jobs]) => fill(element, jobs) });
    none.hidden = shown.length > 0;
    say(none, worded(known.jobs.length ? "No job fits the filter." : "There are no jobs in this world."));
    detail?.update(known.jobs.find((job) => jobKey(job) === chosen));
  }

  function group(name) {
    const title = contractOf(name)?.title ?? "";
    return h("section", { class: "group", "aria-label": name }, h("h2", {}, name, h("span", {}, title)), h("ul", {}));
  }

  function fill(element, jobs) {
    keyed(element.querySelector("ul"), jobs, { key: jobKey, make: row, update: refresh });
  }

  function row(job) {
    const link = h("a", { href: address(["jobs", job.timeline, job.id]) }, h("i", { class: "dot" }), h("span", { class: "note" }), h("span", { class: "count" }), h("span", { class: "id mono" }, job.id), h("span", { class: "owner" }));
    return h("li", {}, link);
  }

  function refresh(element, job) {
    const link = element.firstElementChild;
    const state = stateOf(job);
    const [dot, note, count, , owner] = link.children;
    if (dot.dataset.state !== state) dot.dataset.state = state;
    dot.title = state;
    say(note, job.note || "no note");
    say(count, job.events.toLocaleString("en"));
    say(owner, job.owner);
    const current = jobKey(job) === chosen;
    if (current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    link.setAttribute("aria-label", `${job.note || job.id}, ${state}, ${job.events} events, of ${job.owner}`);
  }

  const ends = [onKnown(list), repeat(learnJobs, 2000)];
  return {
    go(segments, query) {
      const [timeline, id] = segments;
      const key = id === undefined ? null : `${timeline} ${id}`;
      if (key !== chosen) {
        detail?.leave();
        place.replaceChildren();
        chosen = key;
        detail = key && jobView(place, { timeline, id });
        if (!key) place.append(nothingChosen());
        main.classList.toggle("chosen", key !== null);
      }
      detail?.go(segments.slice(2), query);
      if (!key && query.size) {
        filter.value = query.get("q") ?? "";
        choose(query.get("state"));
      }
      list();
      rows.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
    },
    leave() {
      ends.forEach((end) => end());
      detail?.leave();
      main.classList.remove("chosen");
    },
  };
}

function nothingChosen() {
  return h("div", { class: "empty" }, h("p", {}, worded("Choose a job to see its timeline as a screen would show it, and to page through it.")));
}

function grouped(jobs) {
  const groups = new Map();
  for (const job of jobs) {
    if (!groups.has(job.timeline)) groups.set(job.timeline, []);
    groups.get(job.timeline).push(job);
  }
  return groups;
}
