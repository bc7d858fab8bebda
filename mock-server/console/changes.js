// What was changed by hand in a collection, and the way back.

import { control } from "./api.js";
import { button, h, notify } from "./dom.js";
import { worded } from "./exact.js";

/** How many changes are shown. */
const SHOWN = 50;

const at = (name, tail, query) => `collections/${encodeURIComponent(name)}/changes${tail}?${query}`;

function queryOf(path) {
  return new URLSearchParams(Object.entries(path).map(([name, value]) => [`path[${name}]`, value]));
}

/** The first changes in the list at these path values, how many there are, and those of these items by their keys. */
export async function changedIn({ name, key }, path, items) {
  const query = queryOf(path);
  const { changes, count } = await control("GET", at(name, "", `limit=${SHOWN}&${query}`));
  if (count === 0) return { changes, count, marks: new Map() };
  for (const item of items.slice(0, 1000)) query.append("key", worded(item?.[key]));
  const here = items.length ? (await control("GET", at(name, "", query))).changes : [];
  const shown = here.filter((one) => one.change !== "removed");
  return { changes, count, marks: new Map(shown.map((one) => [one.key, one])) };
}

/** How many items were changed, as `+1 ~2 −3`. */
export function countsOf({ added, changed, removed }) {
  const counts = [["+", added], ["~", changed], ["−", removed]];
  return counts.filter(([, count]) => count).map(([sign, count]) => `${sign}${count}`).join(" ");
}

/** Takes back a change. */
export async function takeBack(name, change) {
  const query = queryOf(change.path);
  if (change.owner) query.set("owner", change.owner);
  await control("DELETE", at(name, `/${encodeURIComponent(change.key)}`, query));
  notify({ added: "it is gone again", changed: "it is as computed again", removed: "it is back" }[change.change]);
}

/** Shows the changes in `place`, each with its way back. */
export function showChanges(place, { key }, { changes, count }, undo) {
  place.hidden = count === 0;
  const rows = changes.map((one) =>
    h(
      "li",
      { "data-change": one.change },
      h("span", { class: "badge" }, one.change),
      h("span", { class: "mono" }, one.key),
      h("span", { class: "facts" }, summed(one.item, key)),
      button("Undo", () => undo(one), { "aria-label": `Undo: ${one.change} ${one.key}` }),
    ),
  );
  const some = count > rows.length ? `The first ${rows.length} of ${count.toLocaleString("en")} in this list.` : "In this list, on all pages.";
  place.replaceChildren(h("h2", {}, "Changed by hand"), h("p", { class: "hint" }, some), h("ul", {}, ...rows));
}

/** The first texts of an item. */
function summed(item, key) {
  const texts = Object.entries(item).filter(([name, value]) => name !== key && typeof value === "string" && value);
  return texts.slice(0, 2).map(([, value]) => value).join(" · ");
}
