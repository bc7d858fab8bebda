// The documents as an API reference. Its library runs in a frame, which is loaded at first use.

import { known } from "./api.js";
import { choices, chose, h } from "./dom.js";
import { address } from "./router.js";

/** The name of the control path among the documents. */
const CONTROL = "control";

/** The view of the API reference in `main`. */
export function referenceView(main) {
  const documents = known.served;
  const options = [...documents.map((name) => [name, name]), [CONTROL, "control"]];
  const which = choices("Document", options, documents[0], (name) => (location.hash = address(["reference", name])));
  const owner = h("select", { "aria-label": "Whose token is used" }, ...known.owners.map((one) => h("option", { value: one.name }, `as ${one.name}`)));
  const frame = h("iframe", { title: "API reference" });
  main.append(h("div", { class: "pane only reference" }, h("div", { class: "tools line" }, which, owner), frame));
  let shown = "";
  let name = "";

  function load() {
    chose(which, name);
    owner.hidden = name === CONTROL;
    const query = new URLSearchParams({ document: name, owner: owner.value, theme: window.theme.now });
    const source = `console/reference.html?${query}`;
    if (source === shown) return;
    shown = source;
    frame.src = source;
  }
  owner.addEventListener("change", load);
  const themed = () => frame.contentWindow?.postMessage({ theme: window.theme.now }, location.origin);
  addEventListener("theme", themed);
  return {
    go(segments) {
      name = options.some(([one]) => one === segments[0]) ? segments[0] : documents[0] ?? CONTROL;
      load();
    },
    leave: () => removeEventListener("theme", themed),
  };
}
