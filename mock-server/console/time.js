// The mock's clock between two reads of it, and times in words.

import { known } from "./api.js";

/** The mock's time, or `null` if it is not known yet. */
export function now() {
  if (!known.time) return null;
  const passed = performance.now() - known.time.read;
  return new Date(Date.parse(known.time.now) + passed * known.time.speed);
}

/** Hours, minutes and seconds of a moment, UTC. */
export function clock(moment) {
  return Number.isNaN(moment?.valueOf() ?? NaN) ? "" : moment.toISOString().slice(11, 19);
}

/** Day, hours, minutes and seconds of a moment, UTC. */
export function moment(text) {
  const date = new Date(text);
  return Number.isNaN(date.valueOf()) ? String(text) : `${date.toISOString().slice(0, 10)} ${clock(date)}`;
}

/** The state of the clock in a word. */
export function pace() {
  const { time } = known;
  if (!time) return "";
  if (time.speed === 0) return "frozen";
  if (time.real) return "real";
  return time.speed === 1 ? "shifted" : `${time.speed}×`;
}

/** Milliseconds in words. */
export function took(milliseconds) {
  if (milliseconds === undefined || milliseconds === null) return "";
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`;
  if (milliseconds < 0.1) return "< 0.1 ms";
  return milliseconds >= 10 ? `${Math.round(milliseconds)} ms` : `${milliseconds.toFixed(1)} ms`;
}
