// One job: its facts, manual changes to it, and two views of its events.

import { control, jobPath, known, learnJobs, worded } from "./api.js";
import { contractOf } from "./contract.js";
import { ask, button, copy, h, say, notify } from "./dom.js";
import { pagerView } from "./pager.js";
import { address } from "./router.js";
import { stateOf } from "./state.js";
import { timelineView } from "./timeline.js";

const STATE_WORDS = { growing: "growing", ended: "ended well", failed: "failed", empty: "empty", still: "at rest" };
const PARTS = { timeline: timelineView, pages: pagerView };

/** The view of a job in `place`. */
export function jobView(place, name) {
  let job = null;
  let part = null;
  const title = h("h1");
  const state = h("span", { class: "state" });
  const facts = h("p", { class: "facts" });
  const id = h("button", { type: "button", class: "plain mono idcopy", title: "Copy the id", onclick: () => copy(name.id, "id") }, name.id);
  const actions = h("div", { class: "buttons" });
  const tabs = h(
    "div",
    { class: "tabs" },
    h("a", { href: address(["jobs", name.timeline, name.id]), "data-part": "timeline", "data-key": "t" }, "Timeline"),
    h("a", { href: address(["jobs", name.timeline, name.id, "pages"]), "data-part": "pages", "data-key": "g" }, "Pages"),
  );
  const fields = h("textarea", { rows: 4, class: "mono", spellcheck: "false", placeholder: '{ "field": "value" }', "aria-label": "Fields of the event, JSON" });
  const ownFields = h("div", { class: "ownfields", hidden: true }, h("label", {}, "Fields in place of the computed ones, as JSON", fields), h("div", { class: "buttons" }, button("Append with these fields", () => append(JSON.parse(fields.value || "{}")), { class: "primary" })));
  const body = h("div", { class: "part" });
  place.append(h("header", { class: "jobhead" }, h("a", { class: "back", href: "#/jobs", "data-back": "" }, worded("← Jobs")), h("div", { class: "line" }, title, state), h("div", { class: "line wrap" }, id, facts), actions, ownFields, tabs), body);

  const done = async (path, method, sentence, sent) => {
    await control(method, jobPath(name, path), sent);
    notify(sentence);
    await learnJobs();
    part?.hurry?.();
  };
  const append = (sent) => done("/events", "POST", "event appended", sent);
  const appendButton = button("Append event", () => append(), { class: "primary", "data-key": "a", title: "A computed event, now (a)" });
  const more = h("button", { type: "button", "aria-expanded": "false", title: "An event with fields of its own" }, "with fields…");
  more.addEventListener("click", () => {
    ownFields.hidden = !ownFields.hidden;
    more.setAttribute("aria-expanded", String(!ownFields.hidden));
    if (!ownFields.hidden) fields.focus();
  });
  const finish = button("Finish", () => done("/finish", "POST", worded("the job ended well")));
  const fail = button("Fail", () => done("/fail", "POST", worded("the job failed")));
  const remove = button("Delete…", removeJob, { class: "danger" });
  actions.append(appendButton, more, finish, fail, remove);

  async function removeJob() {
    const question = h("p", {}, worded("Requests for it are refused as for an unknown job, until a reset."));
    if (!(await ask(`Delete ${name.id}?`, [question], "Delete"))) return;
    await done("", "DELETE", worded("the job is gone"));
    location.hash = "#/jobs";
  }

  return {
    update(found) {
      job = found ?? null;
      const state_ = job ? stateOf(job) : "gone";
      say(title, job ? job.note || name.timeline : known.jobs ? worded("There is no such job") : "…");
      say(state, STATE_WORDS[state_] ?? "");
      state.dataset.state = state_;
      say(facts, job ? `${job.events.toLocaleString("en")} events · of ${job.owner} · ${job.timeline}` : name.timeline);
      for (const one of [appendButton, more, finish, fail]) one.disabled = !job || job.ended;
      remove.disabled = !job;
      if (job) part?.update?.(job);
    },
    go(segments, query) {
      const wanted = segments[0] in PARTS ? segments[0] : "timeline";
      for (const tab of tabs.children) {
        if (tab.dataset.part === wanted) tab.setAttribute("aria-current", "page");
        else tab.removeAttribute("aria-current");
      }
      if (part?.name !== wanted) {
        part?.leave();
        body.replaceChildren();
        const contract = contractOf(name.timeline);
        part = contract ? { name: wanted, ...PARTS[wanted](body, contract, name) } : null;
      }
      part?.go?.(query);
      if (job) part?.update?.(job);
    },
    leave() {
      part?.leave();
    },
  };
}
