// The fields of a form, made from the schema of a value. A field reads as JSON text, so that numbers stay as written;
// `undefined` is a value that is left out.

import { h } from "./dom.js";
import { isNested, worded } from "./exact.js";

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const INPUTS = { date: "date" };
const HINTS = { "date-time": "2026-01-05T09:00:00Z", time: "09:00:00Z", uuid: "00000000-0000-4000-8000-000000000000", email: "name@example.com", uri: "https://example.com/", ipv4: "192.0.2.1" };

let made = 0;

/** A text that is no JSON, and its field. */
export class Unreadable extends Error {
  constructor(name, error, element) {
    super(`\`${name}\` is no JSON: ${error.message}`);
    this.element = element;
  }
}

/**
 * The field of a value: its element, `read(changed)`, and `mark(test)`, which marks the fields whose names pass the
 * test. With `changed`, what was not changed is left out.
 */
export function fieldOf(field, value, { nested = false } = {}) {
  if (field.properties && (value === undefined || (isNested(value) && !Array.isArray(value)))) return group(field, value, nested);
  const { element, input, text } = control(field, value);
  const before = value === undefined ? undefined : JSON.stringify(value);
  let empty;
  if (field.nullable && input.tagName !== "SELECT" && text !== written) {
    empty = h("input", { type: "checkbox", checked: value === null });
    element.append(h("label", { class: "null" }, empty, "null"));
    const follow = () => (input.disabled = empty.checked);
    empty.addEventListener("change", follow);
    follow();
  }
  const first = input.value;
  return {
    element,
    read(changed) {
      const touched = input.value !== first || (empty && empty.checked !== (value === null));
      if (!touched) return changed ? undefined : before;
      if (empty?.checked) return "null";
      const read = text(field, input);
      // What is emptied is taken away, which a patch writes as null.
      if (read === undefined && before !== undefined) return field.type === "string" && !field.enum ? '""' : changed ? "null" : undefined;
      return read;
    },
    mark(test) {
      const found = test(field.name);
      input.setAttribute("aria-invalid", String(found));
      return found ? input : null;
    },
  };
}

function group(field, value, nested) {
  // A long form begins with what must be there.
  const asked = field.properties.filter((one) => !one.readOnly).sort((one, other) => Number(other.required) - Number(one.required));
  const fields = asked.map((one) => [one.name, fieldOf(one, value?.[one.name], { nested: true })]);
  const inner = fields.map(([, one]) => one.element);
  const element = nested
    ? h("details", { class: "inner", open: value !== undefined || field.required }, h("summary", {}, ...title(field)), h("div", { class: "fields" }, ...inner))
    : h("div", { class: "fields" }, ...inner);
  return {
    element,
    read(changed) {
      const members = fields.map(([name, one]) => [name, one.read(changed)]).filter(([, text]) => text !== undefined);
      if (nested && members.length === 0 && (changed || !field.required || value === undefined)) return undefined;
      return `{${members.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(",")}}`;
    },
    mark(test) {
      const found = fields.map(([, one]) => one.mark(test)).filter(Boolean);
      if (found.length && nested) element.open = true;
      return found[0] ?? null;
    },
  };
}

function title(field) {
  const kind = field.enum ? "" : [field.type ?? "JSON", field.format].filter(Boolean).join(", ");
  return [h("b", {}, field.name), " ", field.required && h("span", { class: "required" }, "required"), " ", kind && h("span", { class: "faint" }, kind)];
}

function control(field, value) {
  const id = `field-${(made += 1)}`;
  const [input, text] = inputOf(field, value);
  input.id = id;
  const about = field.description && h("small", { id: `${id}-about` }, field.description);
  if (about) input.setAttribute("aria-describedby", about.id);
  if (field.required) input.setAttribute("aria-required", "true");
  const element = h("div", { class: `field ${text === written ? "wide" : ""}` }, h("label", { for: id }, ...title(field)), input, about);
  return { element, input, text };
}

function inputOf(field, value) {
  const common = { autocomplete: "off", spellcheck: "false" };
  const hint = field.default === undefined ? "" : `${worded(field.default)} by default`;
  const choices = field.enum ?? (field.type === "boolean" ? [true, false] : null);
  if (choices && (value === undefined || value === null || choices.some((one) => worded(one) === worded(value)))) {
    const all = field.nullable && !choices.includes(null) ? [...choices, null] : choices;
    const options = all.map((one) => h("option", { value: JSON.stringify(one) }, worded(one)));
    const input = h("select", {}, h("option", { value: "" }, hint || "–"), ...options);
    input.value = value === undefined ? "" : JSON.stringify(value);
    return [input, chosen];
  }
  if ((field.type === "number" || field.type === "integer") && !isNested(value)) {
    return [h("input", { ...common, inputmode: "decimal", placeholder: hint, value: value === undefined || value === null ? "" : worded(value) }), number];
  }
  if (field.type === "string" && (typeof value === "string" || value === undefined || value === null)) {
    if (typeof value === "string" && (value.length > 60 || value.includes("\n"))) return [h("textarea", { ...common, rows: 4, value }), string];
    const type = value === undefined || value === null || /^\d{4}-\d\d-\d\d$/.test(value) ? INPUTS[field.format] : undefined;
    return [h("input", { ...common, type: type ?? "text", placeholder: hint || (HINTS[field.format] ?? ""), value: value ?? "" }), string];
  }
  const rows = value === undefined ? 2 : Math.min(10, JSON.stringify(value, null, 2).split("\n").length);
  const example = field.type === "array" ? "[]" : field.type === "object" ? "{}" : "";
  return [h("textarea", { ...common, class: "mono", rows, placeholder: hint || example, value: value === undefined ? "" : JSON.stringify(value, null, 2) }), written];
}

const chosen = (_, input) => input.value || undefined;
const string = (_, input) => (input.value === "" ? undefined : JSON.stringify(input.value));

function number(_, input) {
  const text = input.value.trim();
  if (text === "") return undefined;
  // What is no number is sent as it is, so that the mock says what is wrong with it.
  return NUMBER.test(text) ? text : JSON.stringify(text);
}

function written(field, input) {
  const text = input.value.trim();
  if (text === "") return undefined;
  try {
    JSON.parse(text);
  } catch (error) {
    throw new Unreadable(field.name || "body", error, input);
  }
  return text;
}

/** A field for a whole value, written as JSON. */
export function jsonField(name, value) {
  return fieldOf({ name, required: false, type: null }, value);
}
