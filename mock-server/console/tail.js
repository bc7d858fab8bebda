// Reading a timeline as its clients do: pages while there are more, then polls with the last cursor.

import { header, isLast, keyOf, page, request, send } from "./contract.js";

/** How many events are read in one go before somebody asks for more. */
const AT_ONCE = 300;

/**
 * Tails `id` from `cursor` on. Calls `on.page(fresh events, what to know)` and `on.trouble(answer, wait)`.
 * Ends by itself behind the last event; `stop` ends it at once, `pause` for a while.
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

  function take(answer) {
    const { items, next, more } = page(contract, answer);
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
        if (take(answer)) continue;
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
    /** Asks now instead of when it is time. */
    hurry: () => wake(),
    /** Reads on after so many events at once. */
    readOn: () => {
      burst = 0;
      state.held = false;
      wake();
    },
  };
}
