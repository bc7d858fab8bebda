// All operations of the documents, each with a request that works, and its answer.

import { control, known } from "./api.js";
import { ask as asked, exchange, formOf } from "./asking.js";
import { send } from "./contract.js";
import { button, choices, chose, copy, h, keyed, say } from "./dom.js";
import { raw } from "./json.js";
import { note } from "./router.js";
import { took } from "./time.js";
import { here } from "./world.js";

const KINDS = [["all", "All"], ["timeline", "Lists that page"], ["example", "Others"]];

/** The view of operations in `main`. */
export function operationsView(main) {
  let kind = "all";
  let operations = [];
  let read = false;
  const filter = h("input", { type: "search", placeholder: "Filter by method, path, id or summary", "aria-label": "Filter operations", "data-filter": "", autocomplete: "off", spellcheck: "false" });
  const kinds = choices("Kind", KINDS, kind, (value) => {
    choose(value);
    noted();
  });
  const rows = h("ol", { class: "requests operations", "aria-label": "Operations" });
  const none = h("p", { class: "hint" }, "…");
  main.append(h("div", { class: "pane only" }, h("div", { class: "tools" }, h("div", { class: "line" }, filter), kinds), rows, none));
  const noted = () => note(["operations"], { kind: kind === "all" ? "" : kind, q: filter.value });
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
    kind = KINDS.some(([name]) => name === value) ? value : "all";
    chose(kinds, kind);
    draw();
  }

  function fits(one) {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const text = `${one.method} ${one.path} ${one.operation} ${one.summary ?? ""} ${one.timeline ?? ""} ${one.document}`.toLowerCase();
    return words.every((word) => text.includes(word));
  }

  function draw() {
    const found = operations.filter(fits);
    for (const [value, name] of KINDS) {
      const count = found.filter((one) => value === "all" || one.kind === value).length;
      say(kinds.querySelector(`[data-value="${value}"]`), count ? `${name} ${count}` : name);
    }
    const shown = found.filter((one) => kind === "all" || one.kind === kind);
    keyed(rows, shown, { key: (one) => `${one.document} ${one.method} ${one.path}`, make: row });
    none.hidden = shown.length > 0;
    if (read) say(none, operations.length ? "No operation fits the filter." : "The documents have no operations.");
  }

  function row(one) {
    const serves = one.timeline === null ? "an example" : `pages through ${one.timeline}`;
    const summary = h(
      "summary",
      {},
      h("span", { class: "badge mono" }, one.method),
      h("span", { class: "target mono" }, one.path),
      h("span", { class: "serves" }, serves),
      one.summary && h("span", { class: "wrong" }, one.summary),
    );
    const details = h("details", {}, summary);
    details.addEventListener("toggle", () => {
      if (details.open && details.children.length === 1) details.append(more(one));
    });
    return h("li", {}, details);
  }

  /** The request for an operation, and the answer to it, which is asked for at once if the request only reads. */
  function more(one) {
    const request = h("section", { "aria-label": "Request" }, h("p", { class: "hint" }, "…"));
    const answer = h("section", { "aria-label": "Answer" });
    const place = h("div", { class: "more exchange" }, h("dl", {}, ...pair("Operation", one.operation), ...pair("Document", one.document)), request, answer);
    fill(one, request, answer).catch((error) => request.replaceChildren(h("p", { class: "trouble" }, error.message)));
    return place;
  }

  async function fill(one, request, answer) {
    const found = await control("GET", `operations?operation=${encodeURIComponent(one.operation)}`);
    const sample = found.operations.find((other) => other.method === one.method && other.path === one.path);
    const fill = button("Fill in…", async () => {
      const title = one.summary ?? one.operation;
      const done = await asked(await formOf(one), { title, owner: known.owners[0]?.name, sample: true });
      if (done) answer.replaceChildren(exchange(done.asked, done.answer));
    });
    if (!sample?.request) {
      request.replaceChildren(h("h3", {}, "Request", h("span", { class: "buttons" }, fill)), h("p", { class: "trouble" }, "No request can be made up, because a required parameter or body has no valid value."));
      return;
    }
    const ask = () => show(sample, answer);
    request.replaceChildren(
      h("h3", {}, "Request", h("span", { class: "buttons" }, button("Send", ask), fill, button("curl", () => copy(sample.curl, "curl command")))),
      h("pre", { class: "wire mono", tabindex: 0 }, sample.curl),
    );
    if (sample.problem) answer.replaceChildren(h("p", { class: "trouble" }, `501: ${sample.problem}`));
    else if (["GET", "HEAD", "OPTIONS", "QUERY"].includes(one.method)) await ask();
  }

  async function show(sample, place) {
    const { method, target, headers, body } = sample.request;
    const asked = { method, url: here(target).href, cookies: {}, body: body ?? undefined };
    // A browser sets cookies by itself.
    asked.headers = Object.fromEntries(headers.filter(({ name }) => name.toLowerCase() !== "cookie").map(({ name, value }) => [name, value]));
    for (const { value } of headers.filter(({ name }) => name.toLowerCase() === "cookie")) {
      for (const [, name, text] of value.matchAll(/([^=; ]+)=([^;]*)/g)) asked.cookies[name] = text;
    }
    const got = await send(asked);
    const type = got.headers.find(([name]) => name === "content-type")?.[1] ?? "";
    const readable = /json|text|xml|yaml|form|csv/.test(type);
    const good = got.status >= 200 && got.status < 300;
    const size = new Blob([got.text]).size;
    place.replaceChildren(
      h("h3", {}, "Answer", h("span", { class: "status", "data-good": String(good) }, got.status || "none"), h("span", { class: "facts" }, `${type || "no body"} · ${took(got.took)} · ${size.toLocaleString("en")} bytes`)),
      ...(got.text ? [readable ? raw(got.text) : h("p", { class: "hint" }, "The body is not text.")] : []),
    );
  }

  control("GET", "operations").then(
    (found) => {
      operations = found.operations;
      read = true;
      draw();
    },
    (error) => say(none, error.message),
  );
  return {
    go: (_, query) => {
      filter.value = query.get("q") ?? "";
      choose(query.get("kind") ?? "all");
    },
    leave() {},
  };
}

const pair = (name, value) => [h("dt", {}, name), h("dd", {}, String(value))];
