// Elements, and lists that keep their unchanged elements. Text is only set as text, because the mock may serve
// markup.

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

/** Sets an element's text if it differs. A write would undo a selection. */
export function say(element, text) {
  const next = String(text);
  if (element.textContent !== next) element.textContent = next;
}

/** Makes `parent` hold one element for each of `items`, in this order. `make` creates one; `update` updates it. */
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

/** Shows a message for a moment, at the foot of the page. */
export function notify(text, kind = "") {
  const said = document.getElementById("said");
  said.textContent = text;
  said.className = `said shown ${kind}`;
  clearTimeout(notify.timer);
  notify.timer = setTimeout(() => said.classList.remove("shown"), kind === "bad" ? 8000 : 2500);
}

/** Copies a text. If the browser does not allow it, a dialog shows the text to copy. */
export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    notify(`${what} copied`);
  } catch {
    const area = h("textarea", { rows: 6, readonly: true, class: "mono", value: text, "aria-label": what });
    await ask(`Copy the ${what} yourself`, [area], "Done", () => area.select());
  }
}

/** A dialog with these contents. Resolves to whether it was confirmed. */
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
          // Enter presses the first submit button, so this is none.
          agree !== "Done" && h("button", { type: "button", onclick: () => dialog.close("no") }, "Cancel"),
          h("button", { type: "submit", value: "yes", class: dangerous ? "danger solid" : "primary" }, agree),
        ),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    // A click outside cancels.
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close("no"));
    document.body.append(dialog);
    dialog.showModal();
    opened?.();
  });
}

/** A button that is disabled until its task is done, and shows an error. */
export function button(label, action, properties = {}) {
  const element = h("button", { type: "button", ...properties }, label);
  element.addEventListener("click", async () => {
    if (element.getAttribute("aria-busy")) return;
    element.setAttribute("aria-busy", "true");
    try {
      await action(element);
    } catch (error) {
      notify(error.message, "bad");
    } finally {
      element.removeAttribute("aria-busy");
    }
  });
  return element;
}

/** Lets the arrow keys move through the elements of `list` that match `selector`. */
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

/** A row of choices, one of which is chosen. */
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

/** Marks the chosen one of the choices. */
export function chose(group, value) {
  for (const one of group.children) one.setAttribute("aria-pressed", String(one.dataset.value === value));
}
