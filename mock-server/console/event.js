// One event as a card: its type, its key, a line of its values, its pictures, and its JSON.

import { known } from "./api.js";
import { isFailure, isLast, keyOf, timeOf, typeOf } from "./contract.js";
import { h } from "./dom.js";
import { json } from "./json.js";
import { clock } from "./time.js";

/** The number of small values in the line. */
const SHOWN = 6;
const PICTURE = /\.(png|jpe?g|gif|webp|avif|svg)$/i;

/** A card for `event`. `readAgain` resolves to the event as it is served now. */
export function card(contract, event, readAgain) {
  const type = String(typeOf(contract, event) ?? "event");
  const last = isLast(contract, event);
  const kind = last ? (isFailure(contract, type) ? "failed" : "ended") : "";
  const when = timeOf(contract, event);
  const { sentence, values } = summary(contract, event);
  const time = when && h("time", { datetime: when, title: when, class: "digits" }, clock(new Date(when)));
  const head = h("summary", {}, h("span", { class: "key mono", title: keyOf(contract, event) }, keyOf(contract, event)), h("span", { class: "type", "data-kind": kind }, type), time);
  if (sentence) head.append(h("span", { class: "sentence", dir: "auto" }, sentence));
  if (values.length) head.append(h("span", { class: "values" }, ...values.slice(0, SHOWN).map(([name, value]) => h("span", {}, h("i", {}, name), " ", h("b", { dir: "auto" }, value))), values.length > SHOWN && h("span", { class: "faint" }, `+${values.length - SHOWN}`)));
  const details = h("details", {}, head);
  // Built when it is opened, because most never are.
  details.addEventListener("toggle", () => details.open && details.children.length === 1 && details.append(json(event)), { once: false });
  const found = pictures(event);
  const element = h("li", { class: "event", "data-kind": kind, "data-event": keyOf(contract, event) }, details);
  if (found.length) element.append(h("div", { class: "pictures" }, ...found.map((one) => picture(one, element, contract, readAgain))));
  return element;
}

/** The longest text as a sentence, then the small values with their names. */
function summary(contract, event) {
  const shown = new Set([typeOf(contract, event), timeOf(contract, event)]);
  const texts = [];
  const values = [];
  const key = keyOf(contract, event);
  const visit = (value, name) => {
    if (value === null || value === undefined || shown.has(value) || String(value) === key) return;
    if (Array.isArray(value)) return;
    if (typeof value === "object") {
      for (const [inner, one] of Object.entries(value)) visit(one, inner);
    } else if (typeof value === "string" && (value.includes(" ") || value.length > 24)) {
      if (!value.includes("://")) texts.push(value);
    } else {
      values.push([name, short(value)]);
    }
  };
  visit(event, "");
  const sentence = texts.sort((one, other) => other.length - one.length)[0] ?? "";
  return { sentence: sentence.length > 400 ? `${sentence.slice(0, 400)}…` : sentence, values };
}

function short(value) {
  if (typeof value !== "number" || Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(4)));
}

/** Every URL of a picture in the event, with the values of the object around it. */
function pictures(event) {
  const found = [];
  const visit = (value) => {
    if (value === null || typeof value !== "object") return;
    for (const [name, one] of Object.entries(value)) {
      const url = typeof one === "string" && one.includes("://") && asPicture(one);
      if (url) found.push({ url, said: said(value, name) });
      else visit(one);
    }
  };
  visit(event);
  return found;
}

/** The picture's address. The mock's own pictures are loaded from this page's address. */
function asPicture(text) {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) return null;
  if (url.pathname.startsWith(known.pictures)) return new URL(url.pathname + url.search, location.origin).href;
  return PICTURE.test(url.pathname) ? url.href : null;
}

function said(object, except) {
  const words = Object.entries(object).filter(([name, value]) => name !== except && typeof value === "string" && !value.includes("://"));
  return words.map(([, value]) => value);
}

function picture({ url, said }, element, contract, readAgain) {
  const caption = h("figcaption", { dir: "auto" }, said.join(" · "));
  const frame = h("a", { href: url, target: "_blank", rel: "noopener", class: "frame" });
  const figure = h("figure", {}, frame, caption);
  if (new URL(url).origin !== location.origin) {
    frame.append(h("span", {}, "on another site"));
    return figure;
  }
  const image = h("img", { src: url, alt: said.join(", ") || "picture", loading: "lazy", decoding: "async", width: 112, height: 168 });
  image.addEventListener("error", async () => {
    const answer = await fetch(url).catch(() => null);
    const why = answer?.status === 403 ? "expired" : answer ? `status ${answer.status}` : "no answer";
    const again = h("button", { type: "button" }, "Read again");
    again.addEventListener("click", async () => {
      again.disabled = true;
      const fresh = await readAgain();
      if (fresh) element.replaceWith(card(contract, fresh, readAgain));
      else again.disabled = false;
    });
    figure.classList.add("gone");
    frame.replaceWith(h("div", { class: "frame" }, h("span", {}, why), again));
  });
  frame.append(image);
  return figure;
}
