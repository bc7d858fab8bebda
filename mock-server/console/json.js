// JSON for people: indented, coloured, and readable as text by whoever copies it.

import { h } from "./dom.js";

const LONGEST = 200_000;
const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** A block with this value. */
export function json(value) {
  return block(JSON.stringify(value, null, 2) ?? "");
}

/** A block with this text, indented if it is JSON. */
export function raw(text) {
  try {
    return block(JSON.stringify(JSON.parse(text), null, 2));
  } catch {
    return block(text);
  }
}

function block(text) {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}\n… ${text.length - LONGEST} more characters` : text;
  const code = h("pre", { class: "json", tabindex: 0, dir: "ltr" });
  let behind = 0;
  for (const match of cut.matchAll(TOKEN)) {
    const [whole, string, colon, word] = match;
    code.append(cut.slice(behind, match.index));
    const kind = string ? (colon ? "name" : "string") : word ? "word" : "number";
    code.append(h("span", { class: kind }, string ?? whole), colon ?? "");
    behind = match.index + whole.length;
  }
  code.append(cut.slice(behind));
  return code;
}
