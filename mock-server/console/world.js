// The world that this page belongs to. A console under `/__worlds/NAME` sends everything to that world.

const [, root, name] = new URL(document.baseURI).pathname.match(/^((?:\/__worlds\/([^/]+))?)\/__mock\//) ?? ["", "", undefined];

/** The path before every path of this world: empty, or as `/__worlds/a`. */
export const ROOT = root;

/** The world's name; `undefined` in the usual world. */
export const WORLD = name && decodeURIComponent(name);

/** The URL of a path and query in this world. */
export function here(target) {
  return new URL(ROOT + target, location.origin);
}
