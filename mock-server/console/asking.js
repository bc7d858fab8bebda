// A request for any operation, from a form that its schemas make; and the request and its answer, as they were sent.

import { control } from "./api.js";
import { curl, put, send, tokenOf } from "./contract.js";
import { button, copy, h } from "./dom.js";
import { isNested, parsed, worded } from "./exact.js";
import { Unreadable, fieldOf, jsonField } from "./fields.js";
import { raw } from "./json.js";
import { took } from "./time.js";
import { here } from "./world.js";

/** The form of an operation. */
export async function formOf({ operation, method, path }) {
  const { forms } = await control("GET", `forms?operation=${encodeURIComponent(operation)}`);
  return forms.find((one) => one.method === method && one.path.endsWith(path)) ?? forms[0];
}

/** A request: path values and parameters as text, and the body as JSON text. */
export function requestOf(form, { path = {}, parameters = [], body, owner }) {
  const filled = form.path.replace(/\{([^}]+)\}/g, (_, name) => encodeURIComponent(path[name] ?? ""));
  const asked = { method: form.method, url: here(filled), headers: {}, cookies: {} };
  for (const [parameter, text] of parameters) {
    const isList = parameter.type === "array" && parameter.separate;
    for (const one of isList ? text.split(",") : [text]) put(asked, parameter, one);
  }
  const token = tokenOf(owner);
  for (const one of token ? form.credentials : []) put(asked, one, one.text.replace("{token}", token));
  asked.url = asked.url.href;
  if (body === undefined) return asked;
  const { media } = form.body;
  asked.headers["content-type"] = media;
  asked.body = body;
  if (media === "application/x-www-form-urlencoded") asked.body = String(new URLSearchParams(pairs(parsed(body), "")));
  if (media.startsWith("multipart/")) {
    asked.headers["content-type"] = `${media}; boundary=${BOUNDARY}`;
    asked.body = parts(parsed(body), form.body.field?.properties ?? []);
  }
  return asked;
}

const BOUNDARY = "eventline-form";

/** A form in parts. A field whose schema has a binary format is sent as a file. */
function parts(value, fields) {
  const written = Object.entries(value).flatMap(([name, one]) => {
    const field = fields.find((other) => other.name === name);
    return (Array.isArray(one) ? one : [one]).map((item) => {
      const file = (field?.items ?? field)?.format === "binary" ? '; filename="file"\r\ncontent-type: application/octet-stream' : "";
      const type = isNested(item) ? "\r\ncontent-type: application/json" : "";
      return `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name.replaceAll('"', "%22")}"${file}${type}\r\n\r\n${worded(item)}\r\n`;
    });
  });
  return `${written.join("")}--${BOUNDARY}--\r\n`;
}

/** The names and texts of a form's fields: `a[b]=1` for what lies in `a`. */
function pairs(value, name) {
  if (!isNested(value)) return [[name, worded(value)]];
  const inner = (key) => (name ? `${name}[${Array.isArray(value) ? "" : key}]` : key);
  return Object.entries(value).flatMap(([key, one]) => pairs(one, inner(key)));
}

/** Whether an answer is a success. */
export const isGood = (answer) => answer.status >= 200 && answer.status < 300;

/** A request and its answer, to be read. */
export function exchange(asked, answer) {
  const target = asked.url.slice(location.origin.length);
  const headers = Object.entries(asked.headers).map(([name, value]) => `${name}: ${value}\n`);
  const type = answer.headers.find(([name]) => name === "content-type")?.[1] ?? "";
  const shown = answer.headers.filter(([name]) => SHOWN.has(name)).map(([name, value]) => `${name}: ${value}\n`);
  return h(
    "div",
    { class: "exchange" },
    h(
      "section",
      { "aria-label": "Request" },
      h("h3", {}, "Request", h("span", { class: "buttons" }, button("curl", () => copy(curl(asked), "curl command")))),
      h("pre", { class: "wire mono", tabindex: 0 }, `${asked.method} ${target}\n`, ...headers),
      asked.body && raw(asked.body),
    ),
    h(
      "section",
      { "aria-label": "Answer" },
      h("h3", {}, "Answer", h("span", { class: "status", "data-good": String(isGood(answer)) }, answer.status || "none"), h("span", { class: "facts" }, `${(answer.text || !answer.status) && answer.lost || type || "no body"} · ${took(answer.took)}`)),
      shown.length > 0 && h("pre", { class: "wire mono", tabindex: 0 }, ...shown),
      answer.text && raw(answer.text),
    ),
  );
}

const SHOWN = new Set(["location", "etag", "retry-after", "www-authenticate", "allow", "x-mock-fault"]);

/**
 * Asks in a dialog for what a request needs, and sends it. Resolves to the request and its answer when it succeeds, and
 * to `null` if it is given up. A refusal is shown in the dialog, and marks the fields that it names.
 *
 * `path` has values that are known, `value` is what the body is filled with, and `changed` leaves out of the body what
 * is not changed. `sample` fills in valid values.
 */
export function ask(form, { title, agree = "Send", path = {}, value, changed = false, etag, owner, sample = false }) {
  return new Promise((resolve) => {
    let done = null;
    const names = [...form.path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
    const open = form.parameters.filter((one) => one.in !== "path" || !(one.name in path));
    const given = (one) => {
      if (one.in === "path") return form.values[one.name];
      if (etag && one.in === "header" && one.name.toLowerCase() === "if-match") return etag;
      return sample && one.required ? sampled(form, one) : undefined;
    };
    const parameters = open.map((one) => [one, fieldOf({ ...one, type: one.type === "array" || one.type === "object" ? "string" : one.type }, typed(one, given(one)))]);
    const filled = value ?? (sample ? form.body?.sample : undefined);
    let body = null;
    const place = h("div", { class: "body" });
    const isObject = form.body?.field?.type === "object" && form.body.field.properties;
    let current = filled;
    let asJson = !isObject;
    const draw = () => {
      body = asJson ? jsonField("body", current) : fieldOf({ ...form.body.field, required: true }, current);
      place.replaceChildren(body.element);
      kinds.hidden = asJson;
    };
    const kinds = h("button", { type: "button", class: "plain" }, "Write as JSON");
    const samples = h("button", { type: "button", class: "plain" }, "Fill in a sample");
    kinds.addEventListener("click", () => {
      try {
        current = parsed(body.read(changed) ?? "{}");
      } catch (error) {
        say(error);
        return;
      }
      asJson = true;
      draw();
      place.querySelector("textarea").focus();
    });
    samples.addEventListener("click", () => {
      current = form.body.sample;
      draw();
    });
    const told = h("div", { class: "told", "aria-live": "polite" });
    const submit = h("button", { type: "submit", class: "primary" }, agree);
    const fieldset = (legend, ...inner) => h("fieldset", {}, h("legend", {}, legend), ...inner);
    const dialog = h(
      "dialog",
      { class: "asking", "aria-labelledby": "asking-title" },
      h(
        "form",
        { novalidate: true },
        h("div", { class: "line" }, h("h2", { id: "asking-title" }, title), h("span", { class: "mono faint" }, `${form.method} ${form.path}`)),
        parameters.length > 0 && fieldset("Parameters", h("div", { class: "fields" }, ...parameters.map(([, one]) => one.element))),
        form.body && fieldset(form.body.required ? "Body" : "Body, which may be left out", h("div", { class: "buttons" }, kinds, form.body.sample !== undefined && samples), place),
        told,
        h("div", { class: "buttons end" }, h("button", { type: "button", onclick: () => dialog.close() }, "Cancel"), submit),
      ),
    );
    if (form.body) draw();
    const say = (error) => {
      told.replaceChildren(h("p", { class: "trouble" }, error.message));
      error.element?.focus();
    };
    async function go() {
      const texts = parameters.map(([one, field]) => [one, field.read()]).filter(([, text]) => text !== undefined && text !== "null");
      const plain = texts.map(([one, text]) => [one, worded(parsed(text))]);
      const values = { ...Object.fromEntries(names.map((name) => [name, ""])), ...path };
      for (const [one, text] of plain) if (one.in === "path") values[one.name] = text;
      let text = body?.read(changed && !asJson);
      if (text === undefined && form.body?.required) text = form.body.field?.type === "array" ? "[]" : "{}";
      const asked = requestOf(form, { path: values, parameters: plain.filter(([one]) => one.in !== "path"), body: text, owner });
      const answer = await send(asked);
      if (isGood(answer)) {
        done = { asked, answer };
        dialog.close();
        return;
      }
      told.replaceChildren(exchange(asked, answer));
      const named = (name) => name !== "" && new RegExp(`(^|[^\\w-])${name.replace(/[^\w-]/g, "\\$&")}([^\\w-]|$)`).test(answer.text);
      const marked = [...parameters.map(([, one]) => one.mark(named)), body?.mark(named)].filter(Boolean);
      if (marked[0]) marked[0].focus();
      else told.scrollIntoView({ block: "nearest" });
    }
    dialog.querySelector("form").addEventListener("submit", async (event) => {
      event.preventDefault();
      if (submit.getAttribute("aria-busy")) return;
      submit.setAttribute("aria-busy", "true");
      try {
        await go();
      } catch (error) {
        say(error);
      } finally {
        submit.removeAttribute("aria-busy");
      }
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(done);
    });
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector("fieldset :is(input, select, textarea)")?.focus();
  });
}

/** A text as the value that its field shows. */
function typed(field, text) {
  if (text === undefined) return undefined;
  const isPlain = field.type === "boolean" || field.type === "integer" || field.type === "number" || field.enum?.some((one) => typeof one !== "string");
  try {
    return isPlain ? parsed(text) : text;
  } catch {
    return text;
  }
}

/** The text of a parameter in the sample of a request. */
export function sampled(form, parameter) {
  if (!form.sample) return undefined;
  if (parameter.in === "query") return new URL(form.sample.target, location.origin).searchParams.get(parameter.name) ?? undefined;
  const headers = form.sample.headers.filter(({ name }) => name.toLowerCase() === parameter.name.toLowerCase());
  return parameter.in === "header" ? headers[0]?.value : undefined;
}
