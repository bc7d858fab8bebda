// A job's timeline as a user interface would show it. It is read through the documented operation and followed
// while it grows; the newest event comes first.

import { control, jobPath } from "./api.js";
import { header, itemsOf, keyOf, request, send, tokenOf } from "./contract.js";
import { button, choices, chose, h, say, notify } from "./dom.js";
import { card } from "./event.js";
import { tail } from "./tail.js";
import { took } from "./time.js";

/** The longest timeline that is read from its start without a request by the user. */
const SHORT = 100;
/** The number of newest events that are read of a longer timeline. */
const NEWEST = 50;
/** The most events on the page. */
const KEPT = 400;
const EVERY = [["1000", "1 s"], ["5000", "5 s"], ["30000", "30 s"]];

/** The timeline of `name` in `place`. */
export function timelineView(place, contract, name) {
  let job = null;
  let reading = null;
  let every = EVERY[0][0];
  let unseen = 0;
  let most = 0;
  // The number of times that reading was started or ended.
  let turn = 0;
  // Whether all existing events were read, so that further ones are new.
  let caughtUp = false;
  const list = h("ol", { class: "events", reversed: true, "aria-label": "Events, the newest first" });
  const status = h("p", { class: "readout", role: "status", "aria-live": "off" });
  const none = h("p", { class: "hint" }, "Waiting for the first answer…");
  const pill = h("button", { type: "button", class: "pill", hidden: true, onclick: toTop });
  const hold = h("button", { type: "button", "data-key": "p", "aria-pressed": "false", onclick: () => pause(!reading?.state.paused) }, "Pause");
  const pace = choices("A poll every", EVERY, every, (value) => {
    every = value;
    chose(pace, value);
    reading?.hurry();
  });
  const fromStart = button("From the start", () => begin(0), { title: "Read from the first event on" });
  const fromEnd = button("Newest", () => begin(Math.max(0, (job?.events ?? 0) - NEWEST)), { title: `Read the newest ${NEWEST}` });
  const readOn = button("Read on", () => reading?.readOn(), { class: "primary", hidden: true });
  const earlier = h("p", { class: "hint", hidden: true });
  place.append(h("div", { class: "tools timeline" }, hold, pace, fromStart, fromEnd, readOn, status), h("div", { class: "pillbox" }, pill), none, list, earlier);

  // The whole page scrolls on a narrow screen, else the pane.
  const pane = place.closest(".pane");
  const scroller = () => (getComputedStyle(pane).overflowY === "auto" ? pane : document.scrollingElement);
  function toTop() {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    scroller().scrollTo({ top: 0, behavior: still ? "auto" : "smooth" });
  }
  const onScroll = () => {
    if (scroller().scrollTop < 80) {
      unseen = 0;
      pill.hidden = true;
    }
  };
  pane.addEventListener("scroll", onScroll, { passive: true });
  addEventListener("scroll", onScroll, { passive: true });

  async function begin(behind) {
    const own = ++turn;
    reading?.stop();
    reading = null;
    list.replaceChildren();
    most = 0;
    unseen = 0;
    caughtUp = false;
    pill.hidden = true;
    none.hidden = false;
    say(none, "Waiting for the first answer…");
    let cursor = null;
    if (behind > 0) ({ cursor } = await control("GET", jobPath(name, `/cursor?behind=${behind}`)));
    // The user may have restarted or left meanwhile.
    if (own !== turn) return;
    earlier.hidden = behind === 0;
    say(earlier, `${behind.toLocaleString("en")} earlier events are not shown.`);
    const asked = { id: name.id, token: tokenOf(job.owner), cursor, every: () => Number(every) };
    reading = tail(contract, asked, { page: add, trouble: explain });
    pause(false);
  }

  function pause(paused) {
    reading?.pause(paused);
    say(hold, paused ? "Go on" : "Pause");
    hold.setAttribute("aria-pressed", String(paused));
  }

  function add(fresh, { before, ended, held, more, asked, repeats, answer }) {
    // A user who has scrolled down keeps the position.
    const tall = () => list.getBoundingClientRect().height;
    const height = tall();
    let previous = before;
    for (const event of fresh) {
      const behind = previous;
      const element = card(contract, event, () => again(event, behind));
      if (caughtUp) element.classList.add("fresh");
      list.prepend(element);
      previous = keyOf(contract, event);
    }
    most += fresh.length;
    while (list.childElementCount > KEPT) list.lastElementChild.remove();
    const down = scroller().scrollTop > 80;
    if (fresh.length && down && caughtUp) {
      scroller().scrollTop += tall() - height;
      unseen += fresh.length;
      say(pill, `↑ ${unseen} new`);
      pill.hidden = false;
    }
    caughtUp ||= more !== true;
    none.hidden = list.childElementCount > 0;
    say(none, "No events yet. They appear here when there are some.");
    readOn.hidden = !held;
    const word = ended ? "at its end" : held ? `held after ${most} events` : "live";
    const doubled = repeats ? ` · ${repeats} repeated` : "";
    say(status, `${word} · ${most.toLocaleString("en")} read in ${asked} ${asked === 1 ? "request" : "requests"}${doubled} · ${took(answer.took)}`);
    status.title = "";
    status.dataset.word = ended ? "ended" : held ? "held" : "live";
  }

  function explain(answer, wait) {
    const fault = header(answer, "x-mock-fault");
    const what = answer.lost || `status ${answer.status}`;
    // The existing line is used, because events must not move.
    say(status, `${what}${fault ? ", on purpose" : ""} · again in ${took(wait)}`);
    status.title = fault ? `The fault ${fault} struck` : "";
    status.dataset.word = "trouble";
    say(none, `The last request failed: ${what}${fault ? ` – the fault ${fault} struck` : ""}.`);
  }

  /** The event after this cursor as it is served now, with new URLs. */
  async function again(event, behind) {
    const asked = request(contract, { id: name.id, token: tokenOf(job.owner), cursor: behind, limit: 1 });
    const answer = await send(asked);
    const found = itemsOf(contract, answer).find((one) => keyOf(contract, one) === keyOf(contract, event));
    if (!found) notify(answer.lost || `status ${answer.status}: the event did not come`, "bad");
    return found;
  }

  return {
    update(found) {
      const before = job;
      job = found;
      // Without a limit every answer is the whole timeline, so long ones are not read.
      fromStart.disabled = !contract.limit && job.events > 5000;
      const restarted = before && job.events < before.events;
      if (before && !restarted) return;
      begin(job.events > SHORT ? job.events - NEWEST : 0).catch((error) => say(none, error.message));
    },
    hurry: () => reading?.hurry(),
    leave() {
      turn += 1;
      reading?.stop();
      pane.removeEventListener("scroll", onScroll);
      removeEventListener("scroll", onScroll);
    },
  };
}
