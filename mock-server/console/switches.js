// The switches of a running mock: scenario, clock, faults and reset.

import { control, known, learn, learnJobs, learnState, learnWorld, onKnown, worded } from "./api.js";
import { ask, button, h, keyed, say, notify } from "./dom.js";
import { KINDS, breaks } from "./faults.js";
import { clock, now, pace } from "./time.js";
import { WORLD } from "./world.js";

const PRESETS = [
  ["429 for 10 %", "status=429@10%"],
  ["2 s latency", "latency=2s"],
  ["503, each third", "status=503@every=3"],
  ["Slow body", "slow=2KiB/s"],
  ["Dropped, 5 %", "drop@5%"],
  ["Expired pictures", "expired"],
];

/** The view of switches in `main`. */
export function switchesView(main) {
  const pane = h("div", { class: "pane only switches" });
  const updates = [];
  for (const section of [scenario, worlds, time, faults, everything]) {
    const { element, update } = section();
    pane.append(element);
    updates.push(update);
  }
  main.append(pane);
  const refresh = () => updates.forEach((update) => update());
  const timer = setInterval(refresh, 250);
  const end = onKnown(refresh);
  refresh();
  return {
    go() {},
    leave() {
      clearInterval(timer);
      end();
    },
  };
}

function section(title, text, ...children) {
  return h("section", { class: "card", "aria-label": title }, h("h2", {}, title), h("p", { class: "hint" }, text), ...children);
}

/** The choice of the scenario. */
function scenario() {
  const ready = h("select", { "aria-label": "Scenario" });
  const load = button("Serve it", async () => {
    const scenario = await control("PUT", "scenario", { name: ready.value });
    learn({ scenario });
    await Promise.all([learnWorld(), learnJobs()]);
    notify(`the world is ${scenario.name}`);
  }, { class: "primary" });
  const facts = h("p", { class: "facts" });
  const element = section("World", "Another scenario replaces this one at once. Manual changes are lost.", h("div", { class: "line" }, ready, load), facts);
  let shown = "";
  return {
    element,
    update() {
      const { scenario } = known;
      element.hidden = !scenario;
      if (!scenario) return;
      const names = scenario.ready.includes(scenario.name) ? scenario.ready : [scenario.name, ...scenario.ready];
      if (shown !== names.join()) {
        shown = names.join();
        ready.replaceChildren(...names.map((name) => h("option", { value: name }, name)));
        ready.value = scenario.name;
      }
      say(facts, scenario.file ? `${scenario.file}, loaded ${clock(new Date(scenario.loaded))}; an edit of the file shows at once` : `a ready one, loaded ${clock(new Date(scenario.loaded))}`);
    },
  };
}

/** The choice of a world beside the usual one, if requests may name some. */
function worlds() {
  const list = h("ul", { class: "worlds", "aria-label": "Worlds" });
  const name = h("input", { class: "mono", placeholder: "worker-1", "aria-label": "Name of a world", autocomplete: "off", spellcheck: "false", pattern: "[A-Za-z0-9._\\-]{1,64}", required: true });
  const form = h("form", { class: "line" }, name, h("button", { type: "submit" }, "Open"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.assign(`/__worlds/${encodeURIComponent(name.value)}/__mock/#/switches`);
  });
  const element = section("Worlds", "Each has its own changes, clock, faults and log. The header X-Mock-World: NAME chooses one, or a path under /__worlds/NAME.", list, form);
  element.hidden = true;
  const row = (name, path) => h("li", {}, h("a", { href: `${path}/__mock/#/switches`, "aria-current": name === (WORLD ?? "the usual one") && "true" }, name));
  // They are told by the usual world.
  fetch(new URL("/__mock/worlds", location.origin)).then((answer) => answer.json()).then(({ worlds, most }) => {
    element.hidden = !most;
    list.replaceChildren(row("the usual one", ""), ...worlds.map(({ name, path }) => row(name, path)));
  }, () => {});
  return { element, update() {} };
}

/** The control of the clock. */
function time() {
  const set = async (change, text) => {
    const time = await control("PUT", "time", change);
    learn({ time: { ...time, read: performance.now() } });
    await learnJobs();
    notify(text);
  };
  const moment = h("span", { class: "digits big" });
  const word = h("span", { class: "badge" });
  const freeze = button("Freeze", () => (known.time?.speed === 0 ? set({ speed: 1 }, "time goes on") : set({ freeze: "now" }, "time stands still")), { class: "primary" });
  const shifts = ["-1h", "-1m", "+1m", "+1h", "+1d"].map((span) => button(span.replace("-", "−"), () => set({ shift: inHours(span) }, `moved by ${span}`)));
  const speeds = [1, 10, 60].map((speed) => button(`${speed}×`, () => set({ speed }, `time runs at ${speed}×`)));
  const real = button("Real time", () => set({ real: true }, "time is real again"));
  const at = h("input", { class: "mono", placeholder: "2026-01-05T09:00:00Z", "aria-label": "A moment to freeze at", spellcheck: "false" });
  const stop = button("Freeze there", () => set({ freeze: at.value }, "time stands still"));
  const row = (label, ...buttons) => h("div", { class: "row" }, h("span", { class: "label" }, label), h("div", { class: "buttons" }, ...buttons));
  const element = section("Time", worded("Jobs grow, and URLs expire, by this clock (UTC)."), h("p", { class: "line now" }, moment, word), row("Go on", freeze, real), row("Move", ...shifts), row("Speed", ...speeds), row("Stop at", at, stop));
  return {
    element,
    update() {
      element.hidden = !known.time;
      if (!known.time) return;
      const current = now();
      say(moment, `${current.toISOString().slice(0, 10)} ${clock(current)}`);
      say(word, pace());
      say(freeze, known.time.speed === 0 ? "Let it run" : "Freeze");
      speeds.forEach((one, place) => one.setAttribute("aria-pressed", String(known.time.speed === [1, 10, 60][place])));
    },
  };
}

/** A span in the mock's notation, which has a minus but no plus, and no days. */
function inHours(span) {
  return span.replace("+1d", "24h").replace("+", "");
}

/** The faults in force. */
function faults() {
  const set = async (faults) => learn({ faults: await control("PUT", "faults", { faults }) });
  const list = h("ul", { class: "faults", "aria-label": "Faults in force" });
  const none = h("p", { class: "hint" }, "None: every answer is as the contract has it.");
  const add = (text) => set([...known.faults.faults.filter((one) => one !== text), text]);
  const presets = h("div", { class: "buttons" }, ...PRESETS.map(([label, text]) => button(label, () => add(text), { title: text })));
  const kind = h("select", { "aria-label": "Fault" }, ...KINDS.map((one) => h("option", { value: one.kind }, one.label)));
  const value = h("input", { class: "mono" });
  const often = h("select", {}, ...[["", "every request"], ["10%", "10 %"], ["50%", "50 %"], ["every=2", "each second"], ["every=3", "each third"]].map(([text, label]) => h("option", { value: text }, label)));
  const job = h("input", { class: "mono", placeholder: "all jobs", list: "job-ids", spellcheck: "false" });
  const ids = h("datalist", { id: "job-ids" });
  const operation = h("select");
  const warning = h("p", { class: "warn", hidden: true }, "This one breaks the contract, and is marked so in the log.");
  const chosen = () => KINDS.find((one) => one.kind === kind.value);
  const asked = () => {
    value.parentElement.hidden = chosen().value === undefined;
    value.value = chosen().value ?? "";
    value.placeholder = chosen().hint ?? "";
    warning.hidden = !chosen().breaks;
  };
  kind.addEventListener("change", asked);
  job.addEventListener("focus", () => ids.replaceChildren(...(known.jobs ?? []).slice(0, 200).map((one) => h("option", { value: one.id }, one.note))));
  const form = h(
    "form",
    { class: "grid" },
    h("label", {}, "Fault", kind),
    h("label", {}, "Value", value),
    h("label", {}, "Strikes", often),
    h("label", {}, "Operation", operation),
    h("label", { class: "wide" }, "Job", job, ids),
    h("div", { class: "buttons end" }, h("button", { type: "submit", class: "primary" }, "Add fault")),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const what = value.value && chosen().value !== undefined ? `${kind.value}=${value.value}` : kind.value;
    const conditions = [often.value, operation.value && `operation=${operation.value}`, job.value && `job=${job.value}`].filter(Boolean);
    try {
      await add([what, ...conditions].join("@"));
    } catch (error) {
      notify(error.message, "bad");
    }
  });
  const element = section("Faults", "What goes wrong on purpose, to see how a client takes it.", list, none, h("div", { class: "row" }, h("span", { class: "label" }, "Ready"), presets), form, warning);
  asked();
  return {
    element,
    update() {
      element.hidden = !known.faults;
      if (!known.faults) return;
      if (operation.childElementCount === 0) operation.replaceChildren(h("option", { value: "" }, "all operations"), ...known.documents.map((one) => h("option", { value: one.name }, one.name)));
      const texts = known.faults.faults;
      none.hidden = texts.length > 0;
      keyed(list, texts, {
        key: (text) => text,
        make: (text) => h("li", { class: breaks(text) ? "breaks" : "" }, h("code", {}, text), button("×", () => set(known.faults.faults.filter((one) => one !== text)), { class: "plain", "aria-label": `Remove ${text}` })),
      });
    },
  };
}

/** The reset to the start. */
function everything() {
  const reset = button("Reset everything", async () => {
    const text = h("p", {}, "Manual changes, the faults and the log are removed, and the clock returns to its start.");
    if (!(await ask("Reset everything?", [text], "Reset"))) return;
    await control("POST", "reset");
    await Promise.all([learnState(), learnJobs()]);
    notify("the mock is reset");
  }, { class: "danger" });
  return { element: section("Back to the start", "Undoes all manual changes, resets clock and faults, and clears the log.", h("div", { class: "buttons" }, reset)), update() {} };
}
