// Elements, and lists of them that keep what stays. Text is only ever set as text, for what the mock serves
// may well be markup.

/** An element: `h("a", { class: "x", href: "#", onclick: f }, "text", child)`. */
export function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key in BY_PROPERTY) element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const BY_PROPERTY = { value: 1, checked: 1, indeterminate: 1 };

/** Sets an element's text, if it is another one: a write would undo a selection. */
export function say(element, text) {
  const next = String(text);
  if (element.textContent !== next) element.textContent = next;
}

/** Makes `parent` hold what `make` made for each of `items`, in this order; `update` is called on all of them. */
export function keyed(parent, items, { key, make, update }) {
  const known = (parent.knownRows ??= new Map());
  const seen = new Set();
  let place = parent.firstElementChild;
  for (const item of items) {
    const name = key(item);
    seen.add(name);
    let row = known.get(name);
    if (!row) {
      row = make(item);
      known.set(name, row);
    }
    if (row === place) place = place.nextElementSibling;
    else parent.insertBefore(row, place);
    update?.(row, item);
  }
  for (const [name, row] of known) {
    if (seen.has(name)) continue;
    row.remove();
    known.delete(name);
  }
}

/** Says something in passing, at the foot of the page. */
export function tell(text, kind = "") {
  const said = document.getElementById("said");
  said.textContent = text;
  said.className = `said shown ${kind}`;
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => said.classList.remove("shown"), kind === "bad" ? 8000 : 2500);
}

/** Copies a text; where the browser does not allow it, the text is shown to be copied by hand. */
export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    tell(`${what} copied`);
  } catch {
    const area = h("textarea", { rows: 6, readonly: true, class: "mono", value: text, "aria-label": what });
    await ask(`Copy ${what} by hand`, [area], "Done", () => area.select());
  }
}

/** A dialog with these contents; resolves to whether it was agreed to. */
export function ask(title, contents, agree, opened) {
  return new Promise((resolve) => {
    const dangerous = agree === "Delete";
    const dialog = h(
      "dialog",
      { "aria-labelledby": "dialog-title" },
      h(
        "form",
        { method: "dialog" },
        h("h2", { id: "dialog-title" }, title),
        h("div", { class: "dialog-body" }, ...contents),
        h(
          "div",
          { class: "buttons end" },
          // Not a submit button, for the first of those is what Enter presses.
          agree !== "Done" && h("button", { type: "button", onclick: () => dialog.close("no") }, "Cancel"),
          h("button", { type: "submit", value: "yes", class: dangerous ? "danger solid" : "primary" }, agree),
        ),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    // A click beside it is a no.
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close("no"));
    document.body.append(dialog);
    dialog.showModal();
    opened?.();
  });
}

/** A button that cannot be pressed again before it is done, and says what went wrong. */
export function button(label, action, properties = {}) {
  const element = h("button", { type: "button", ...properties }, label);
  element.addEventListener("click", async () => {
    if (element.getAttribute("aria-busy")) return;
    element.setAttribute("aria-busy", "true");
    try {
      await action(element);
    } catch (error) {
      tell(error.message, "bad");
    } finally {
      element.removeAttribute("aria-busy");
    }
  });
  return element;
}

/** Lets the arrow keys walk over what `selector` finds in `list`. */
export function arrows(list, selector) {
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const flat = event.key === "ArrowRight" || event.key === "ArrowLeft";
    if (!step || (flat && list.dataset.flat === undefined)) return;
    if (event.target.matches("input, textarea, select")) return;
    const stops = [...list.querySelectorAll(selector)];
    const next = stops[stops.indexOf(event.target.closest(selector)) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}

/** A row of choices of which one is chosen. */
export function choices(label, options, chosen, choose) {
  const group = h("div", { class: "choices", role: "group", "aria-label": label, "data-flat": "" });
  for (const [value, text] of options) {
    const one = h("button", { type: "button", "aria-pressed": String(value === chosen), "data-value": value }, text);
    one.addEventListener("click", () => choose(value));
    group.append(one);
  }
  arrows(group, "button");
  return group;
}

/** Shows which of the choices is chosen now. */
export function chose(group, value) {
  for (const one of group.children) one.setAttribute("aria-pressed", String(one.dataset.value === value));
}
