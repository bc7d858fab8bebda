// A table of items: what was changed by hand is marked, and each item has its operations beside it.

import { button, h } from "./dom.js";
import { isNested, worded } from "./exact.js";

/** How many columns a table has. */
const COLUMNS = 7;
/** How many lists of an item have links of their own. */
const LINKS = 2;
const VERBS = { create: "Create", replace: "Replace", patch: "Edit", delete: "Delete", read: "Read" };
const ORDER = ["patch", "replace", "set", "delete"];

/** The last word of a list's path, which names its items: `tasks` of `/projects/{id}/tasks`. */
export function wordOf(collection) {
  const path = collection.operations.find((one) => one.does === "list")?.path ?? "";
  return path.split("/").filter((part) => part && !part.includes("{")).at(-1) ?? collection.name;
}

/** What an operation does, as a word for a button: the last word of its path if it has no other. */
export function verbOf(operation) {
  const words = operation.path.split("/").filter((part) => part && !part.includes("{"));
  return VERBS[operation.does] ?? words.at(-1) ?? operation.operation;
}

/**
 * Shows items in a table, or why there are none. `marks` has the changes by key, `below(key)` the lists that belong to
 * an item; `act` carries out an operation, and `undo` takes back a change.
 */
export function showItems(table, shown) {
  const { items, refused } = shown;
  if (refused) {
    table.replaceChildren(h("caption", {}, "The list was refused."), h("tbody", {}, h("tr", {}, h("td", {}, refused))));
    return;
  }
  const names = columns(shown);
  const head = h("tr", {}, ...names.map((name) => h("th", { scope: "col" }, name)), h("th", { scope: "col", class: "do" }, h("span", { class: "unseen" }, "What to do")));
  const none = items.length === 0 && h("caption", {}, "There are no items here.");
  table.replaceChildren(...[none].filter(Boolean), h("thead", {}, head), h("tbody", {}, ...items.map((item) => row(item, names, shown))));
}

/** The names of the columns: the key, then plain properties that the schema has, then others that items have. */
function columns({ collection, fields, items }) {
  const plain = fields.filter((field) => field.name !== collection.key && !["object", "array"].includes(field.type) && !field.writeOnly);
  // Addresses say little, and are long.
  const sorted = plain.sort((one, other) => Number(one.format === "uri") - Number(other.format === "uri"));
  const known = sorted.map((field) => field.name);
  const met = items.flatMap((item) => (isNested(item) ? Object.entries(item) : []));
  const others = met.filter(([name, value]) => !isNested(value) && !fields.some((field) => field.name === name));
  return [...new Set([collection.key, ...known, ...others.map(([name]) => name)])].slice(0, COLUMNS);
}

function row(item, names, shown) {
  const { collection, marks } = shown;
  const key = worded(item?.[collection.key]);
  const change = marks.get(key);
  const read = collection.operations.find((one) => one.does === "read");
  const cells = names.map((column, index) => {
    const value = worded(item?.[column]);
    const text = value.length > 80 ? `${value.slice(0, 80)}…` : value;
    if (index > 0) return h("td", { "data-label": column }, text);
    const alone = { class: "plain mono idcopy", title: `${value}: read it alone` };
    const name = read ? button(text, () => shown.act(read, item), alone) : h("span", { class: "mono" }, text);
    return h("th", { scope: "row", "data-label": column }, name, change && h("span", { class: `badge was ${change.change}` }, change.change));
  });
  const undo = change && button("Undo", () => shown.undo(change), { class: "plain", "aria-label": `Undo: ${change.change} ${key}` });
  const acts = h("div", { class: "buttons" }, ...links(key, shown.below(key)), undo, ...operations(item, shown));
  return h("tr", { "data-key-of": key, "data-change": change?.change }, ...cells, h("td", { class: "do" }, acts));
}

function operations(item, { collection, act }) {
  const all = collection.operations.filter((one) => ORDER.includes(one.does));
  all.sort((one, other) => ORDER.indexOf(one.does) - ORDER.indexOf(other.does));
  const twice = ["patch", "replace"].every((does) => all.some((one) => one.does === does));
  return all.map((one) => {
    const verb = one.does === "replace" && !twice ? VERBS.patch : verbOf(one);
    return button(verb, () => act(one, item), { class: `plain ${one.does === "delete" ? "danger" : ""}` });
  });
}

function links(key, lists) {
  if (lists.length <= LINKS) return lists.map(([word, href]) => h("a", { href }, `${word} →`));
  const options = lists.map(([word, href]) => h("option", { value: href }, word));
  const go = (event) => (location.hash = event.target.value);
  return [h("select", { "aria-label": `Lists of ${key}`, onchange: go }, h("option", { value: location.hash }, "lists →"), ...options)];
}
