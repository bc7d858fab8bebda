// Reads a timeline as clients do: page by page, then polling with the last cursor.

import { header, isLast, itemsOf, keyOf, onward, request, send } from "./contract.js";

/** The number of events that are read before the user asks for more. */
const AT_ONCE = 300;

/**
 * Follows `id` from `cursor` on. Calls `on.page(new events, facts)` and `on.trouble(answer, wait)`.
 * It ends after the last event. `stop` ends it at once; `pause` interrupts it.
 */
export function tail(contract, { id, token, cursor, every }, on) {
  const abort = new AbortController();
  const seen = new Set();
  const state = { cursor, paused: false, ended: false, held: false, asked: 0, repeats: 0 };
  let wake = () => {};
  let burst = 0;

  const sleep = (span) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, span);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function take(answer) {
    const items = itemsOf(contract, answer);
    // A mock that restarts does not say it; the next poll asks again.
    const silent = () => ({ next: null, more: undefined });
    const { next, more } = await onward(contract, { cursor: state.cursor }, answer).catch(silent);
    // The view may have been left, or begun anew, meanwhile.
    if (abort.signal.aborted) return false;
    const fresh = items.filter((item) => !seen.has(keyOf(contract, item)));
    for (const item of fresh) seen.add(keyOf(contract, item));
    state.repeats += items.length - fresh.length;
    const before = state.cursor;
    if (next !== null) state.cursor = next;
    state.ended = more !== true && (items.length ? isLast(contract, items.at(-1)) : state.ended);
    burst = more === true ? burst + fresh.length : 0;
    state.held = burst >= AT_ONCE;
    on.page(fresh, { ...state, before, more, answer });
    return more === true && fresh.length > 0 && !state.held;
  }

  async function run() {
    while (!abort.signal.aborted) {
      if (state.paused || state.held || document.hidden) {
        await sleep(500);
        continue;
      }
      const answer = await send(request(contract, { id, token, cursor: state.cursor }), abort.signal);
      state.asked += 1;
      if (answer.status === 200 && !answer.lost) {
        if (await take(answer)) continue;
        if (state.ended) return;
        await sleep(every());
      } else {
        const later = Number(header(answer, "retry-after")) * 1000 || 0;
        const wait = Math.max(every(), later);
        on.trouble(answer, wait);
        await sleep(wait);
      }
    }
  }
  run().catch((error) => error.name === "AbortError" || Promise.reject(error));

  return {
    state,
    stop: () => {
      abort.abort();
      wake();
    },
    pause: (paused) => {
      state.paused = paused;
      wake();
    },
    /** Polls now instead of later. */
    hurry: () => wake(),
    /** Continues after the limit of events read at once. */
    readOn: () => {
      burst = 0;
      state.held = false;
      wake();
    },
  };
}
