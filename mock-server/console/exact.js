// JSON with numbers that JavaScript cannot hold: where the browser can, they stay as they were written.

/** The value of a JSON text. */
export function parsed(text) {
  return JSON.parse(text, (_, value, context) => {
    const isExact = !Number.isInteger(value) || Number.isSafeInteger(value) || !context?.source || !JSON.rawJSON;
    return isExact ? value : JSON.rawJSON(context.source);
  });
}

/** The value of an answer's body; `undefined` if it is no JSON. */
export function bodyOf(answer) {
  try {
    return parsed(answer.text);
  } catch {
    return undefined;
  }
}

/** A value as a text for people: a text as it is, anything else as JSON. */
export function worded(value) {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Whether a value has values in it. */
export function isNested(value) {
  return typeof value === "object" && value !== null && !JSON.isRawJSON?.(value);
}
