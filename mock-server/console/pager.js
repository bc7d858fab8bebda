// Paging, one request at a time: each request, and its raw answer.

import { control, jobPath, known, worded } from "./api.js";
import { curl, fetched, header, itemsOf, onward, request, send, tokenOf } from "./contract.js";
import { button, copy, h, say } from "./dom.js";
import { raw } from "./json.js";
import { note } from "./router.js";
import { took } from "./time.js";

/** The pager of `name` in `place`. */
export function pagerView(place, contract, name) {
  let job = null;
  let started = false;
  let last = null;
  const before = [];
  const cursor = h("input", { class: "mono", placeholder: "none: from the start", spellcheck: "false", autocomplete: "off", "data-filter": "" });
  const limit = h("input", { class: "mono", inputmode: "numeric", placeholder: limitHint(contract.limit), autocomplete: "off", disabled: !contract.limit });
  const as = h("select");
  const id = h("input", { class: "mono", spellcheck: "false", autocomplete: "off", value: name.id });
  const labelled = (text, parameter, field, wide) => h("label", { class: wide ? "wide" : "" }, h("span", {}, text, " ", parameter && h("span", { class: "mono faint" }, parameter)), field);
  const previous = button("← Previous", () => go(before.pop() ?? "", true), { disabled: true });
  const next = button("Next →", () => go(last.next), { disabled: true, "data-key": "n", title: "The page behind this one (n)" });
  const far = h("input", { class: "mono", inputmode: "numeric", placeholder: "event no.", "aria-label": "Number of an event" });
  const jump = button("Go to", goFar);
  const form = h(
    "form",
    { class: "asked" },
    labelled("Cursor", contract.cursor.name, cursor, true),
    labelled(contract.limit ? "Limit" : "No limit", contract.limit?.name, limit),
    labelled(worded("Job"), contract.parent, id, true),
    labelled("As", "", as),
    h("div", { class: "buttons" }, h("button", { type: "submit", class: "primary" }, "Get page"), previous, next, h("span", { class: "joined" }, far, jump)),
  );
  const trials = h("div", { class: "trials", role: "group", "aria-label": "Refusals to see" }, h("span", { class: "faint" }, "See refused:"), ...refusals());
  const shown = h("div", { class: "exchange" });
  place.append(form, trials, shown);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    before.length = 0;
    ask();
  });
  far.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    jump.click();
  });

  function fill() {
    const owners = known.owners.map((one) => h("option", { value: one.name }, one.name === job.owner ? `${one.name}, the owner` : one.name));
    as.replaceChildren(...owners, h("option", { value: "" }, "nobody, without credentials"), h("option", { value: "\u0000" }, "a wrong token"));
    as.value = job.owner;
  }

  function refusals() {
    const most = contract.limit?.maximum;
    const one = (text, set) =>
      button(text, () => {
        before.length = 0;
        [cursor.value, limit.value, as.value, id.value] = ["", "", job.owner, name.id];
        set();
        return ask();
      });
    return [
      contract.limit && one("limit too great", () => (limit.value = String((most ?? 100) + 1))),
      contract.limit && one("limit no number", () => (limit.value = "many")),
      one("unknown cursor", () => (cursor.value = "nothing-has-this-key")),
      one(worded("unknown job"), () => (id.value = unknown(name.id))),
      known.owners.some((owner) => owner.name !== job?.owner) && one("somebody else", () => (as.value = known.owners.find((owner) => owner.name !== job.owner).name)),
      one("no token", () => (as.value = "")),
    ];
  }

  /** An id of the same form that no job has. */
  function unknown(id) {
    const taken = new Set(known.jobs.map((job) => job.id));
    for (const digit of "0123456789") {
      const other = id.slice(0, -1) + digit;
      if (!taken.has(other)) return other;
    }
    return `${id}0`;
  }

  async function goFar() {
    const behind = Math.max(0, Number.parseInt(far.value, 10) - 1 || 0);
    const found = await control("GET", jobPath(name, `/cursor?behind=${behind}`));
    before.push(cursor.value);
    await go(found.cursor ?? "", true);
  }

  async function go(to, back) {
    if (!back) before.push(cursor.value);
    cursor.value = to ?? "";
    await ask();
  }

  async function ask() {
    // A user who left meanwhile keeps the new address.
    if (!place.isConnected || !form.isConnected) return;
    const token = as.value === "\u0000" ? "a-wrong-token" : tokenOf(as.value);
    const asked = request(contract, { id: id.value, cursor: cursor.value, limit: limit.value, token });
    note(["jobs", name.timeline, name.id, "pages"], { cursor: cursor.value, limit: limit.value, as: as.value === job.owner ? "" : as.value || "nobody", of: id.value === name.id ? "" : id.value });
    const answer = await send(asked);
    const good = answer.status >= 200 && answer.status < 300 && !answer.lost;
    const way = good ? await onward(contract, { cursor: cursor.value, limit: limit.value }, answer) : { next: null };
    last = { items: itemsOf(contract, answer), ...way };
    previous.disabled = before.length === 0;
    next.disabled = last.next === null || last.next === cursor.value;
    show(asked, answer);
  }

  function show(asked, answer) {
    const good = answer.status >= 200 && answer.status < 300 && !answer.lost;
    const fault = header(answer, "x-mock-fault");
    const target = asked.url.slice(location.origin.length);
    const request = h(
      "section",
      { "aria-label": "Request" },
      h("h3", {}, "Request", h("span", { class: "buttons" }, button("curl", () => copy(curl(asked), "curl command")), button("fetch", () => copy(fetched(asked), "fetch call")))),
      h("pre", { class: "wire mono", tabindex: 0 }, `${asked.method} ${target}\n`, ...Object.entries(asked.headers).map(([name, value]) => `${name}: ${value}\n`)),
    );
    const facts = good
      ? `${last.items.length} ${last.items.length === 1 ? "event" : "events"}${last.more === undefined ? "" : last.more ? ", more behind" : ", nothing behind"}`
      : answer.lost || "refused";
    const headers = answer.headers.filter(([name]) => SHOWN.has(name)).map(([name, value]) => `${name}: ${value}\n`);
    const size = new Blob([answer.text]).size;
    const response = h(
      "section",
      { "aria-label": "Answer" },
      h("h3", {}, "Answer", h("span", { class: "status", "data-good": String(good) }, answer.status || "none"), h("span", { class: "facts" }, `${facts} · ${took(answer.took)} · ${size.toLocaleString("en")} bytes`)),
      fault && h("p", { class: "trouble" }, `Struck on purpose: ${fault}`),
      headers.length > 0 && h("pre", { class: "wire mono", tabindex: 0 }, ...headers),
      answer.text && raw(answer.text),
    );
    shown.replaceChildren(request, response);
  }

  return {
    update(found) {
      job = found;
      if (started) return;
      started = true;
      fill();
      trials.replaceChildren(trials.firstElementChild, ...refusals().filter(Boolean));
      const { query } = this;
      cursor.value = query?.get("cursor") ?? "";
      limit.value = query?.get("limit") ?? "";
      if (query?.get("as")) as.value = query.get("as") === "nobody" ? "" : query.get("as");
      if (query?.get("of")) id.value = query.get("of");
      // Without a limit every answer is the whole timeline, so a long one is read only on request.
      if (contract.limit || job.events <= 1000 || cursor.value) ask();
      else say(shown, `All ${job.events.toLocaleString("en")} events come in one answer, for this operation has no limit. Give a cursor, or an event's number.`);
    },
    go(query) {
      this.query ??= query;
    },
    leave() {},
  };
}

/** Headers that differ from answer to answer. */
const SHOWN = new Set(["content-type", "cache-control", "retry-after", "www-authenticate", "allow", "x-mock-fault"]);

function limitHint(limit) {
  if (!limit) return "all behind the cursor";
  return limit.default === null ? "as the document says" : `${limit.default}`;
}
