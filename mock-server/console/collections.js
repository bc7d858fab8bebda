// Collections: what a client can create, read, change and delete, and what was changed so. One is chosen; its items
// are shown as pages of its list, asked for as a client asks.

import { known, learnCollections, repeat } from "./api.js";
import { countsOf } from "./changes.js";
import { collectionView } from "./collection.js";
import { h, keyed, say } from "./dom.js";
import { wordOf } from "./items.js";
import { address } from "./router.js";

/** The view of collections in `main`. */
export function collectionsView(main) {
  // Undefined until the first address, which may choose none.
  let chosen;
  let detail = null;
  const filter = h("input", { type: "search", placeholder: "Filter by path, name or summary", "aria-label": "Filter collections", "data-filter": "", autocomplete: "off", spellcheck: "false" });
  const rows = h("div", { class: "jobrows" });
  const none = h("p", { class: "hint" }, "…");
  const place = h("section", { class: "detail pane", "aria-label": "The chosen collection" });
  main.append(h("section", { class: "list pane", "aria-label": "Collections" }, h("div", { class: "tools" }, h("div", { class: "line" }, filter)), rows, none), place);
  rows.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const stops = [...rows.querySelectorAll("a")];
    const next = step && stops[stops.indexOf(event.target.closest("a")) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  filter.addEventListener("input", list);

  function fits(one) {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const paths = one.operations.map((operation) => `${operation.path} ${operation.operation}`).join(" ");
    const text = `${one.name} ${one.title} ${one.summary ?? ""} ${paths}`.toLowerCase();
    return words.every((word) => text.includes(word));
  }

  function list() {
    if (!known.collections) return;
    const found = known.collections.filter(fits);
    const titles = [...new Set(found.map((one) => one.title))];
    keyed(rows, titles, {
      key: (title) => title,
      make: (title) => h("section", { class: "group", "aria-label": title }, h("h2", {}, title), h("ul", {})),
      update: (element, title) => keyed(element.querySelector("ul"), found.filter((one) => one.title === title), { key: (one) => one.name, make: row, update: refresh }),
    });
    none.hidden = found.length > 0;
    say(none, known.collections.length ? "No collection fits the filter." : "The documents have no collections: no list shares its items with an operation that creates, reads, changes or deletes one.");
  }

  function row(one) {
    const path = one.operations.find((operation) => operation.does === "list")?.path ?? "";
    return h("li", {}, h("a", { href: address(["collections", one.name]) }, h("i", { class: "dot" }), h("span", { class: "note" }, wordOf(one)), h("span", { class: "count" }), h("span", { class: "id mono" }, path)));
  }

  function refresh(element, one) {
    const link = element.firstElementChild;
    const counts = countsOf(one.changes);
    say(link.querySelector(".count"), counts);
    link.querySelector(".dot").dataset.state = counts ? "growing" : "still";
    link.title = counts ? "changed by hand" : "";
    if (one.name === chosen) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }

  async function learn() {
    await learnCollections();
    list();
    detail?.update();
  }

  const end = repeat(learn, 3000);
  return {
    async go(segments, query) {
      const [name = null] = segments;
      if (name !== chosen) {
        detail?.leave();
        place.replaceChildren();
        detail = null;
        chosen = name;
        main.classList.toggle("chosen", name !== null);
        if (name === null) place.append(h("div", { class: "empty" }, h("p", {}, "Choose a collection to see its items, and to create, change and delete some.")));
      }
      list();
      if (name === null) return;
      if (!known.collections) await learn();
      // Another one may have been chosen meanwhile.
      if (chosen === name && main.isConnected) {
        detail ??= collectionView(place, name, { learn });
        detail.go(query);
      }
    },
    leave() {
      end();
      detail?.leave();
      main.classList.remove("chosen");
    },
  };
}
