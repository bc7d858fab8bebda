// The head of the page: scenario, clock and faults, and banners for problems.

import { known, onKnown } from "./api.js";
import { h, say } from "./dom.js";
import { clock, now, pace } from "./time.js";
import { WORLD } from "./world.js";

/** Fills the head, and keeps it up to date. */
export function showStatus({ help }) {
  const world = h("a", { href: "#/switches", class: "world", title: "The scenario that is served" });
  const digits = h("span", { class: "digits" });
  const rate = h("span", { class: "badge", hidden: true });
  const time = h("a", { href: "#/switches", class: "clock", title: "The mock's clock, UTC" }, digits, rate);
  const faults = h("a", { href: "#/switches", class: "badge bad", hidden: true });
  const theme = h("button", { type: "button", class: "plain icon", onclick: () => window.theme.toggle() });
  const keys = h("button", { type: "button", class: "plain icon wide-only", "aria-label": "Keys", title: "Keys (?)", onclick: help }, "?");
  document.getElementById("status").append(world, time, faults, theme, keys);

  const themed = () => {
    const dark = window.theme.now === "dark";
    say(theme, dark ? "☀" : "☾");
    theme.setAttribute("aria-label", dark ? "Light colours" : "Dark colours");
    theme.title = `${dark ? "Light" : "Dark"} colours (d)`;
  };
  addEventListener("theme", themed);
  themed();

  const tick = () => say(digits, clock(now()));
  setInterval(tick, 250);
  onKnown(() => {
    tick();
    say(world, [WORLD, known.scenario?.name].filter(Boolean).join(" · "));
    const word = pace();
    say(rate, word);
    rate.hidden = word === "" || word === "real";
    const count = known.faults?.faults.length ?? 0;
    say(faults, count === 1 ? "1 fault" : `${count} faults`);
    faults.hidden = count === 0;
    banners();
  });
}

function banners() {
  const place = document.getElementById("banners");
  const problem = known.scenario?.problem ?? "";
  const wanted = `${known.reachable}|${problem}`;
  if (place.dataset.shown === wanted) return;
  place.dataset.shown = wanted;
  place.replaceChildren();
  if (!known.reachable) {
    place.append(banner("gone", "The mock does not answer.", "The page shows the last known state. It continues when the mock answers again."));
  }
  if (problem) {
    place.append(banner("problem", "The newest edit is not served; the world before it is.", problem));
  }
}

function banner(kind, title, text) {
  return h("div", { class: `banner ${kind}` }, h("strong", {}, title), h(kind === "problem" ? "pre" : "p", {}, text));
}
