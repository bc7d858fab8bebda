// One collection: the lists of its path values, page by page, and every operation on its items. What was changed by
// hand is marked, and can be taken back. Each change shows its request.

import { control, known } from "./api.js";
import { ask, exchange, formOf, isGood, requestOf, sampled } from "./asking.js";
import { changedIn, countsOf, showChanges, takeBack } from "./changes.js";
import { at, contractOf, onward, send } from "./contract.js";
import { ask as confirmed, button, h, notify, say } from "./dom.js";
import { bodyOf, worded } from "./exact.js";
import { showItems, verbOf, wordOf } from "./items.js";
import { listed } from "./listing.js";
import { address, note } from "./router.js";

/** The view of the collection of this name in `place`. `learn` reads again what was changed in all of them. */
export function collectionView(place, name, { learn }) {
  const collection = () => known.collections.find((one) => one.name === name);
  const one = collection();
  if (!one) {
    place.append(back(), h("div", { class: "empty" }, h("p", {}, `No collection is named ${name}. The documents may have changed.`)));
    return { go() {}, update() {}, leave() {} };
  }
  const operation = (does) => one.operations.find((other) => other.does === does);
  const contract = one.timeline && contractOf(one.timeline);
  const forms = new Map();
  const form = async (operation) => {
    if (!forms.has(operation.operation)) forms.set(operation.operation, await formOf(operation));
    return forms.get(operation.operation);
  };
  let fields = [];
  let items = [];
  let way = { next: null };
  let cursor = "";
  const before = [];
  let left = false;
  let turns = 0;
  let acting = false;
  let seen = JSON.stringify(one.changes);

  const word = wordOf(one);
  const total = h("span", { class: "badge", title: "Added, changed and removed by hand" });
  const create = operation("create") && button("Create…", () => act(operation("create"), null), { class: "primary", "data-key": "a" });
  const as = h("select", {}, ...known.owners.map((owner) => h("option", { value: owner.name }, owner.name)), h("option", { value: "" }, "nobody, without credentials"));
  const paths = one.path.map((parameter) => {
    const ids = h("datalist", { id: `ids-${parameter.name}` });
    const input = h("input", { class: "mono", list: ids.id, autocomplete: "off", spellcheck: "false", name: parameter.name });
    return { ...parameter, input, ids };
  });
  const asked = h("form", { class: "fields filters", "aria-label": "What to list" });
  const table = h("table", {});
  const facts = h("span", { class: "facts", role: "status" });
  const previous = button("← Previous", () => go(before.pop() ?? ""), { disabled: true });
  const next = button("Next →", () => {
    before.push(cursor);
    return go(way.next);
  }, { disabled: true, "data-key": "n", title: "The page behind this one (n)" });
  const notServed = h("p", { class: "trouble", hidden: true }, "No item suits the document, so that these operations answer with examples and keep nothing. The log says why.");
  const changes = h("section", { class: "card changes", "aria-label": "Changed by hand", hidden: true });
  const wire = h("div", {});
  const latest = h("details", { class: "card latest" }, h("summary", {}, h("h2", {}, "Last request")), wire);
  place.append(
    h(
      "div",
      { class: "jobhead" },
      back(),
      h("div", { class: "line" }, h("h1", {}, word), total),
      one.summary && h("p", { class: "facts" }, one.summary),
      h("ul", { class: "acts", "aria-label": "Operations" }, ...one.operations.map((other) => h("li", { class: "mono" }, h("span", { class: "badge" }, other.does), ` ${other.method} ${other.path}`))),
    ),
    h(
      "div",
      { class: "part whole" },
      notServed,
      asked,
      h("div", { class: "line tablehead" }, create, facts, h("div", { class: "buttons" }, previous, next)),
      h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `The items of ${word}` }, table),
      changes,
      latest,
    ),
  );
  asked.addEventListener("submit", (event) => {
    event.preventDefault();
    before.length = 0;
    go("").catch((error) => notify(error.message, "bad"));
  });

  function back() {
    return h("a", { class: "back", "data-back": "", href: "#/collections" }, "← Collections");
  }

  const values = () => Object.fromEntries(paths.map(({ name, input }) => [name, input.value]));
  let filters = [];

  /** Reads what does not change, and fills the head with it. */
  async function begin(query) {
    const [told, list] = await Promise.all([control("GET", `collections/${encodeURIComponent(name)}`), form(operation("list"))]);
    fields = told.fields;
    notServed.hidden = told.served;
    const asks = (parameter) => (parameter.in === "query" && parameter.does !== "place") || (parameter.in === "header" && parameter.required);
    const asking = list.parameters.filter(asks);
    filters = asking.map((parameter) => {
      const choices = parameter.enum ?? (parameter.type === "boolean" ? [true, false] : parameter.items?.enum);
      const input = choices
        ? h("select", {}, h("option", { value: "" }, "any"), ...choices.filter((one) => one !== null).map((one) => h("option", { value: worded(one) }, worded(one))))
        : h("input", { autocomplete: "off", spellcheck: "false", placeholder: parameter.default === undefined ? "" : worded(parameter.default), title: parameter.description });
      return { parameter, input, first: parameter.required ? sampled(list, parameter) : undefined };
    });
    const label = (text, ...inner) => h("label", {}, h("span", {}, text), ...inner);
    const many = filters.length > 6;
    const filterFields = filters.map(({ parameter, input }) => label(parameter.name, input));
    asked.replaceChildren(
      ...paths.map(({ name, input, ids }) => label(name, input, ids)),
      ...(list.credentials.length ? [label("As", as)] : []),
      ...(many ? [h("details", { class: "inner wide" }, h("summary", {}, `${filters.length} filters`), h("div", { class: "fields" }, ...filterFields))] : filterFields),
      h("div", { class: "buttons" }, h("button", { type: "submit" }, "Show")),
    );
    if (!list.credentials.length) as.value = "";
    read(query);
    for (const path of paths) {
      // A list below needs a key of the list above it, which needs one of its own.
      const type = list.parameters.find((parameter) => parameter.in === "path" && parameter.name === path.name)?.type;
      const takes = (key) => !["integer", "number"].includes(type) || Number.isFinite(Number(key));
      if (path.of && !path.input.value) path.input.value = (await keysOf(path)).find(takes) ?? "";
      if (!path.input.value) path.input.value = list.values[path.name] ?? "";
      path.input.addEventListener("focus", () => keysOf(path).catch(() => {}));
    }
  }

  /** Takes what the address says. */
  function read(query) {
    for (const { name, input } of paths) input.value = query.get(`path.${name}`) ?? input.value;
    for (const { parameter, input, first } of filters) input.value = query.get(`by.${parameter.name}`) ?? first ?? "";
    if (query.has("as")) as.value = query.get("as") === "-" ? "" : query.get("as");
    cursor = query.get("at") ?? "";
    for (const inner of asked.querySelectorAll("details")) inner.open ||= filters.some(({ input }) => input.value);
  }

  function addressed() {
    const query = {};
    for (const { name, input } of paths) query[`path.${name}`] = input.value;
    for (const { parameter, input } of filters) query[`by.${parameter.name}`] = input.value;
    const first = known.owners[0]?.name ?? "";
    if (as.isConnected && as.value !== first) query.as = as.value || "-";
    note(["collections", name], { ...query, at: cursor });
  }

  /** The keys of the first items of the list above, which the input offers. */
  async function keysOf({ of, ids }) {
    const above = known.collections.find((other) => other.name === of);
    if (!above) return [];
    const { answer } = await listed(above, await formOf(above.operations[0]), values(), { owner: as.value });
    const found = at(above.items, bodyOf(answer));
    const rows = Array.isArray(found) ? found : [];
    const label = (item) => Object.entries(item).filter(([key, value]) => key !== above.key && typeof value === "string" && value.length < 60)[0]?.[1] ?? "";
    ids.replaceChildren(...rows.map((item) => h("option", { value: worded(item[above.key]) }, label(item))));
    return rows.map((item) => worded(item[above.key]));
  }

  async function go(to) {
    cursor = to ?? "";
    addressed();
    await show();
  }

  /** Shows the page again after a change, and what was changed. */
  async function again() {
    acting = true;
    try {
      await learn();
    } finally {
      acting = false;
    }
    await show();
  }

  /** Asks for the page, and shows it with its marks. */
  async function show() {
    const turn = (turns += 1);
    const list = await form(operation("list"));
    const texts = filters.filter(({ input }) => input.value !== "").map(({ parameter, input }) => [parameter, input.value]);
    const { asked, answer } = await listed(one, list, values(), { owner: as.value, cursor, texts });
    if (left || turn !== turns) return;
    const good = isGood(answer) && !answer.lost;
    const found = good ? at(one.items, bodyOf(answer)) : [];
    items = Array.isArray(found) ? found : [];
    way = good && contract ? await onward(contract, { cursor, limit: limitOf(texts) }, answer) : { next: null };
    // A last page may hand out a cursor for what comes later.
    if (way.end) way.next = null;
    const told = await changedIn(one, values(), items);
    if (left || turn !== turns) return;
    showChanges(changes, one, told, undo);
    previous.disabled = before.length === 0;
    next.disabled = way.next === null || way.next === cursor;
    const many = `${items.length} ${items.length === 1 ? "item" : "items"}`;
    say(facts, good ? `${many}${contract ? (way.next === null ? ", nothing behind" : ", more behind") : ", the whole list"}` : "");
    const refused = good ? null : exchange(asked, answer);
    showItems(table, { collection: one, fields, items, marks: told.marks, refused, below, act, undo });
    if (!latest.dataset.change) wire.replaceChildren(exchange(asked, answer));
  }

  const limitOf = (texts) => texts.find(([parameter]) => parameter.does === "limit")?.[1];

  async function undo(change) {
    await takeBack(name, change);
    await again();
  }

  /** The lists that belong to the item with this key: a word for each, and its address. */
  function below(key) {
    const lists = known.collections.filter((other) => other.path.some((path) => path.of === name));
    return lists.map((other) => {
      const place = other.path.findIndex((path) => path.of === name);
      const above = other.path.slice(0, place).map((path, index) => [`path.${path.name}`, paths[index]?.input.value ?? ""]);
      const query = Object.fromEntries([...above, [`path.${other.path[place].name}`, key]]);
      return [wordOf(other), address(["collections", other.name], query)];
    });
  }

  /** Carries out an operation on an item, or for a new one. */
  async function act(operation, item) {
    const own = await form(operation);
    const key = item === null ? undefined : worded(item[one.key]);
    const path = pathOf(operation, key);
    const title = `${verbOf(operation)} ${item === null ? `in ${word}` : key}`;
    const options = { title, path, owner: as.value };
    let done = null;
    if (operation.does === "read" || (operation.does === "delete" && !needs(own))) {
      if (operation.does === "delete" && !(await confirmed(title, [h("p", {}, "The item leaves the list. Undo brings it back.")], "Delete"))) return;
      done = await plainly(own, path);
    } else if (operation.does === "patch" || operation.does === "replace") {
      const now = await current(item, key);
      const value = operation.body ? wrapped(operation.body, now.item) : now.item;
      const isList = own.body?.field?.type === "array";
      done = await ask(own, { ...options, agree: "Save", value: isList ? [{ op: "replace", path: "", value: null }] : value, changed: operation.does === "patch" && !isList, etag: now.etag });
    } else if (operation.does === "set" && !needs(own)) {
      done = await plainly(own, path);
    } else {
      done = await ask(own, { ...options, agree: operation.does === "create" ? "Create" : "Send" });
    }
    if (!done) return;
    told(done);
    if (operation.does === "read") {
      latest.scrollIntoView({ block: "nearest" });
      return;
    }
    if (!isGood(done.answer)) {
      notify(`refused: ${done.answer.status || "no answer"}`, "bad");
      return;
    }
    const became = { create: "created", delete: "deleted" }[operation.does] ?? "changed";
    notify(`it is ${became}; the request is shown below`);
    await again();
  }

  /** Whether a request needs values that a person has to give. */
  const needs = (own) => own.body?.required || own.parameters.some((parameter) => parameter.required && parameter.in !== "path");

  async function plainly(own, path) {
    const asked = requestOf(own, { path, owner: as.value });
    return { asked, answer: await send(asked) };
  }

  function told({ asked, answer }) {
    latest.dataset.change = "yes";
    latest.open = true;
    wire.replaceChildren(exchange(asked, answer));
  }

  /** The item as it is now, and its entity tag: read alone if it can be. */
  async function current(item, key) {
    const read = operation("read");
    if (!read) return { item };
    const { answer } = await plainly(await form(read), pathOf(read, key));
    const now = isGood(answer) && at(read.item ?? "$", bodyOf(answer));
    return { item: now || item, etag: answer.headers.find(([name]) => name === "etag")?.[1] };
  }

  /** The path values of an operation: the key last, and those of the list before it. */
  function pathOf(operation, key) {
    const names = [...operation.path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
    const above = values();
    return Object.fromEntries(names.map((name, index) => [name, key !== undefined && index === names.length - 1 ? key : above[name] ?? paths[index]?.input.value ?? ""]));
  }

  let began = null;
  return {
    async go(query) {
      try {
        if (began) {
          await began;
          read(query);
          before.length = 0;
        } else {
          await (began = begin(query));
        }
        this.update();
        if (!left) await show();
      } catch (error) {
        if (!left) notify(error.message, "bad");
      }
    },
    update() {
      const now = collection();
      if (!now) return;
      say(total, countsOf(now.changes));
      const changed = JSON.stringify(now.changes);
      // An application that runs beside the console changes items, too.
      if (changed !== seen && !acting && turns > 0) show().catch(() => {});
      seen = changed;
    },
    leave() {
      left = true;
    },
  };
}

/** A value at the place that a JSONPath of names has, and nothing around it. */
function wrapped(path, value) {
  const steps = [...path.matchAll(/\.([^.[]+)|\['([^']*)'\]/g)].map(([, dotted, quoted]) => dotted ?? quoted);
  return steps.reduceRight((inner, step) => ({ [step]: inner }), value);
}
