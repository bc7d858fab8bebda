// JSON for people: indented and coloured. A copy of it is plain text.

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
    JSON.parse(text);
  } catch {
    return block(text);
  }
  return block(indented(text));
}

/** JSON with other white space. It is not parsed, because a number may change when it is parsed and written. */
export function indented(text) {
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  return text.replace(/"(?:\\.|[^"\\])*"|\s+|[{[]\s*[}\]]|[{}[\],:]/g, (piece) => {
    if (piece[0] === '"') return piece;
    if (piece.trim() === "") return "";
    if (piece.length > 1) return piece[0] + piece.at(-1);
    if (piece === ":") return ": ";
    if (piece === ",") return piece + line();
    if (piece === "{" || piece === "[") {
      depth += 1;
      return piece + line();
    }
    depth -= 1;
    return line() + piece;
  });
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
