// The address of each view: `#/jobs/{timeline}/{id}/pages?cursor=7`.

/** The route in the address bar: its segments and its query. */
export function route() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const segments = path.split("/").filter(Boolean).map(decode);
  return { segments, query: new URLSearchParams(query) };
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // Somebody typed a lone per cent sign.
  }
}

/** The address of a route. */
export function address(segments, query = {}) {
  const kept = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const text = new URLSearchParams(kept).toString();
  return `#/${segments.map(encodeURIComponent).join("/")}${text ? `?${text}` : ""}`;
}

/** Writes a route into the address bar without a new step in the history. */
export function note(segments, query) {
  history.replaceState(null, "", address(segments, query));
}
