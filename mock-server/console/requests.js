// The request log: each request, its verdict, and its mistakes.

import { control, known, repeat } from "./api.js";
import { curl, fetched } from "./contract.js";
import { button, choices, chose, copy, h, keyed, say } from "./dom.js";
import { breaks } from "./faults.js";
import { note } from "./router.js";
import { clock, took } from "./time.js";
import { here } from "./world.js";

const VERDICTS = [["all", "All"], ["kept", "Kept"], ["strayed", "Strayed"], ["refused", "Refused"], ["faults", "Faults"]];
/** The number of requests that are kept here. The mock keeps its own number. */
const KEPT = 500;

/** The view of requests in `main`. */
export function requestsView(main) {
  let verdict = "all";
  let paused = false;
  let latest = 0;
  let entries = [];
  const filter = h("input", { type: "search", placeholder: "Filter by path, status or mistake", "aria-label": "Filter requests", "data-filter": "", autocomplete: "off", spellcheck: "false" });
  const verdicts = choices("Verdict", VERDICTS, verdict, (value) => {
    choose(value);
    noted();
  });
  const hold = h("button", { type: "button", "data-key": "p", "aria-pressed": "false" }, "Pause");
  hold.addEventListener("click", () => {
    paused = !paused;
    hold.setAttribute("aria-pressed", String(paused));
    say(hold, paused ? "Go on" : "Pause");
  });
  const clear = button("Clear", async () => {
    await control("DELETE", "requests");
    [latest, entries] = [0, []];
    draw();
  });
  const rows = h("ol", { class: "requests", "aria-label": "Requests, the newest first" });
  const none = h("p", { class: "hint" }, "…");
  main.append(h("div", { class: "pane only" }, h("div", { class: "tools" }, h("div", { class: "line" }, filter, hold, clear), verdicts), rows, none));
  const noted = () => note(["requests"], { verdict: verdict === "all" ? "" : verdict, q: filter.value });
  filter.addEventListener("input", () => {
    noted();
    draw();
  });
  rows.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const stops = [...rows.querySelectorAll("summary")];
    const next = step && stops[stops.indexOf(event.target) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });

  function choose(value) {
    verdict = VERDICTS.some(([name]) => name === value) ? value : "all";
    chose(verdicts, verdict);
    draw();
  }

  let round = 0;
  async function read() {
    if (paused) return;
    round += 1;
    // Sometimes all are read, because the log may have been cleared and numbers may start again.
    const whole = round % 10 === 1;
    const { requests } = await control("GET", whole ? "requests" : `requests?after=${latest}`);
    if (whole) entries = requests;
    else entries.push(...requests.filter((one) => one.number > latest));
    if (entries.length > KEPT) entries = entries.slice(-KEPT);
    latest = entries.at(-1)?.number ?? 0;
    draw();
  }

  function fits(entry) {
    if (verdict === "faults" ? entry.faults.length === 0 : verdict !== "all" && entry.verdict !== verdict) return false;
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const text = `${entry.method} ${entry.target} ${entry.route ?? ""} ${entry.status} ${entry.wrong.join(" ")} ${entry.faults.join(" ")}`.toLowerCase();
    return words.every((word) => text.includes(word));
  }

  function draw() {
    for (const [value, name] of VERDICTS) {
      const count = entries.filter((one) => (value === "faults" ? one.faults.length : value === "all" || one.verdict === value)).length;
      say(verdicts.querySelector(`[data-value="${value}"]`), count ? `${name} ${count}` : name);
    }
    const found = together(entries.filter(fits)).reverse();
    keyed(rows, found, { key: (one) => String(one.first.number), make: row, update: refresh });
    none.hidden = found.length > 0;
    say(none, entries.length ? "No request fits the filter." : "No requests yet. What asks the mock shows here.");
  }

  function row({ first }) {
    const summary = h(
      "summary",
      {},
      h("time", { class: "digits" }),
      h("span", { class: "status", "data-good": String(first.status < 400) }, first.status),
      h("span", { class: "target mono" }, h("b", {}, first.method), " ", first.target),
      h("span", { class: "times" }),
      h("span", { class: "verdict", "data-verdict": first.verdict }, first.verdict),
      h("span", { class: "took digits" }),
    );
    for (const wrong of first.wrong) summary.append(h("span", { class: "wrong" }, wrong));
    for (const fault of first.faults) {
      const broke = first.breaks && breaks(fault);
      summary.append(h("span", { class: `fault ${broke ? "breaks" : ""}` }, broke ? `${fault} – broke the contract` : fault));
    }
    const details = h("details", {}, summary);
    details.addEventListener("toggle", () => {
      if (details.open && details.children.length === 1) details.append(more(first));
    });
    return h("li", {}, details);
  }

  function refresh(element, { last, count }) {
    const [time, , , times, , span] = element.querySelector("summary").children;
    say(time, clock(new Date(last.at)));
    time.title = last.at;
    say(times, count > 1 ? `×${count}` : "");
    say(span, took(last.took_ms));
  }

  function more(entry) {
    const asked = again(entry);
    return h(
      "div",
      { class: "more" },
      h("dl", {}, ...pair("Operation", entry.route ?? "none: no operation has this path"), ...pair("At", entry.at), ...pair("Number", entry.number)),
      h("div", { class: "buttons" }, button("Copy as curl", () => copy(curl(asked), "curl command")), button("Copy as fetch", () => copy(fetched(asked), "fetch call"))),
    );
  }

  const end = repeat(read, 1000);
  return {
    go: (_, query) => {
      filter.value = query.get("q") ?? "";
      choose(query.get("verdict") ?? "all");
    },
    leave: () => end(),
  };
}

const pair = (name, value) => [h("dt", {}, name), h("dd", {}, String(value))];

/** The request of a line. The log holds no token, so the shell must fill it in. */
function again(entry) {
  const contract = known.documents.find((one) => `${one.method} ${one.path}` === entry.route);
  const headers = { ...entry.headers };
  for (const one of contract?.credentials ?? []) {
    if (one.in === "header") headers[one.name] = one.text.replace("{token}", "$TOKEN");
  }
  return { method: entry.method, url: here(entry.target).href, headers };
}

/** Merges equal neighbours. Otherwise a client that polls would hide all other requests. */
function together(entries) {
  const groups = [];
  for (const entry of entries) {
    const group = groups.at(-1);
    if (group && alike(group.last, entry)) {
      group.last = entry;
      group.count += 1;
    } else {
      groups.push({ first: entry, last: entry, count: 1 });
    }
  }
  return groups;
}

function alike(one, other) {
  const picture = (entry) => entry.target.startsWith(known.pictures) && entry.status === 200 && entry.wrong.length + entry.faults.length === 0;
  if (picture(one) && picture(other)) return true;
  const said = (entry) => JSON.stringify([entry.method, entry.target, entry.status, entry.wrong, entry.faults]);
  return said(one) === said(other);
}
