// Requests to an operation, as a client sends them. All names and places come from the contract that the mock
// describes, so nothing here knows a document.

import { control, known } from "./api.js";
import { here } from "./world.js";

/** The operation of this name, as `/__mock/documents` describes it. */
export function contractOf(name) {
  return known.documents?.find((one) => one.name === name);
}

/** The value at a JSONPath of names and `[-1:]`. */
export function at(path, value) {
  if (!path) return undefined;
  let found = value;
  for (const [step, dotted, quoted] of path.matchAll(/\.([^.[]+)|\['([^']*)'\]|\[-1:\]/g)) {
    if (found === null || found === undefined) return undefined;
    found = step === "[-1:]" ? found.at?.(-1) : found[dotted ?? quoted];
  }
  return found;
}

/**
 * A request for a page: method, URL and headers. Given values are sent even if they are wrong. Without the values of the
 * path, they are those of the job with this id.
 */
export function request(contract, { id, values, cursor, limit, token }) {
  const others = values ?? pathOf(contract, id);
  const value = (name) => (name === contract.parent && !values ? id : others[name] ?? name);
  const path = contract.path.replace(/\{([^}]+)\}/g, (_, name) => encodeURIComponent(value(name)));
  const url = here(path);
  const asked = { method: contract.method, url, headers: {}, cookies: {} };
  // A body that asks for a page may have to be there, even for the first one.
  if (contract.cursor.in === "body" || contract.limit?.in === "body") asked.fields = {};
  if (cursor !== undefined && cursor !== null && cursor !== "") put(asked, contract.cursor, cursor);
  if (contract.limit && limit !== undefined && limit !== null && limit !== "") put(asked, contract.limit, limit);
  for (const one of token ? contract.credentials : []) put(asked, one, one.text.replace("{token}", token));
  if (asked.fields) write(asked, contract.form);
  return { ...asked, url: url.href };
}

/** The path values of the job with this id, or of another job of the timeline if there is none. */
function pathOf(contract, id) {
  const own = known.jobs?.filter((job) => job.timeline === contract.name && job.path) ?? [];
  return (own.find((job) => job.id === id) ?? own[0])?.path ?? {};
}

/** Puts the text of a parameter into a request. */
export function put(asked, parameter, value) {
  if (parameter.in === "query") asked.url.searchParams.append(parameter.name, value);
  if (parameter.in === "header") asked.headers[parameter.name] = String(value);
  if (parameter.in === "cookie") asked.cookies[parameter.name] = String(value);
  if (parameter.in === "body") place(asked.fields, parameter, value);
}

/** Sets a value at the JSON pointer that a parameter of a body has as its name. */
function place(fields, parameter, value) {
  const names = parameter.name.split("/").slice(1).map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = names.pop();
  let inner = fields;
  for (const name of names) inner = inner[name] ??= {};
  const isNumber = parameter.type === "integer" || parameter.type === "number";
  inner[last] = isNumber && String(Number(value)) === String(value) ? Number(value) : String(value);
}

/** Writes the body, as a form or as JSON. */
function write(asked, isForm) {
  asked.headers["content-type"] = isForm ? "application/x-www-form-urlencoded" : "application/json";
  asked.body = isForm ? String(new URLSearchParams(asked.fields)) : JSON.stringify(asked.fields);
  delete asked.fields;
}

/** Sends a request. Resolves to the answer, or to the reason why none came. */
export async function send(asked, signal) {
  const began = performance.now();
  for (const [name, value] of Object.entries(asked.cookies ?? {})) {
    document.cookie = `${name}=${encodeURIComponent(value)}; path=/; samesite=strict`;
  }
  const answer = { status: 0, headers: [], text: "", body: undefined, lost: "" };
  try {
    const response = await fetch(asked.url, { method: asked.method, headers: asked.headers, body: asked.body, cache: "no-store", signal });
    answer.status = response.status;
    answer.headers = [...response.headers];
    answer.text = await response.text();
    answer.body = JSON.parse(answer.text);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    if (error instanceof SyntaxError) answer.lost = "the body is not JSON";
    else answer.lost = answer.status ? "the connection ended in the middle of the body" : "no answer came";
  }
  answer.took = performance.now() - began;
  return answer;
}

export function header(answer, name) {
  return answer.headers.find(([one]) => one.toLowerCase() === name)?.[1];
}

/** The items of a page. */
export function itemsOf(contract, answer) {
  const items = at(contract.items, answer.body);
  return Array.isArray(items) ? items : [];
}

/**
 * How a client goes on from an answer, as the mock reads the contract: the cursor of the next page, or the one that
 * the last page hands out, and whether more items lie behind it. `next` may be null, and `more` undefined; `end` says
 * why nothing lies behind it.
 */
export async function onward(contract, { cursor, limit }, answer) {
  const text = (value) => (value === undefined || value === null || value === "" ? null : String(value));
  const asked = { cursor: text(cursor), limit: text(limit), headers: answer.headers, body: answer.body ?? null };
  const said = await control("POST", `onward/${encodeURIComponent(contract.name)}`, asked);
  return { next: said.handed_out ?? said.next, more: said.more ?? (said.next === null ? undefined : true), end: said.end };
}

export const keyOf = (contract, item) => String(at(contract.key, item) ?? "");
export const typeOf = (contract, item) => at(contract.type, item);
export const timeOf = (contract, item) => at(contract.time, item);
export const isLast = (contract, item) => contract.terminal.includes(typeOf(contract, item));

/** Whether an event's type means failure. That is the last of the terminal types. */
export function isFailure(contract, type) {
  return contract.terminal.length > 1 && contract.terminal.at(-1) === type;
}

/** The token of an owner. */
export function tokenOf(owner) {
  return known.owners?.find((one) => one.name === owner)?.token;
}

/** The request as a command for a shell. */
export function curl(asked) {
  const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
  // The shell fills in a placeholder.
  const word = (text) => (text.includes("$TOKEN") ? `"${text}"` : quoted(text));
  const method = asked.method === "GET" ? "" : ` -X ${asked.method}`;
  const headers = Object.entries(asked.headers).map(([name, value]) => ` -H ${word(`${name}: ${value}`)}`);
  const cookies = Object.entries(asked.cookies ?? {}).map(([name, value]) => ` -b ${word(`${name}=${value}`)}`);
  const body = asked.body ? ` --data ${quoted(asked.body)}` : "";
  return `curl -i${method}${headers.join("")}${cookies.join("")}${body} ${quoted(asked.url)}`;
}

/** The request as JavaScript. */
export function fetched(asked) {
  const options = {};
  if (asked.method !== "GET") options.method = asked.method;
  if (Object.keys(asked.headers).length) options.headers = asked.headers;
  if (asked.body) options.body = asked.body;
  const more = Object.keys(options).length ? `, ${JSON.stringify(options, null, 2)}` : "";
  const text = more.replace(/"([^"]*)\$TOKEN"/g, "`$1${TOKEN}`");
  return `const response = await fetch(${JSON.stringify(asked.url)}${text});\nconst page = await response.json();`;
}
