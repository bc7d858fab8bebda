// The documented list of a collection, asked for as a client asks.

import { requestOf } from "./asking.js";
import { contractOf, put, request, send, tokenOf } from "./contract.js";

/** A page of a collection's list: the request, and its answer. */
export async function listed(one, form, path, { owner, cursor = "", texts = [] }) {
  const contract = one.timeline && contractOf(one.timeline);
  let asked;
  if (contract) {
    const limit = texts.find(([parameter]) => parameter.does === "limit")?.[1];
    const base = { ...contract, path: form.path };
    asked = request(base, { values: path, cursor, limit, token: tokenOf(owner) });
    const rest = { ...asked, url: new URL(asked.url) };
    for (const [parameter, text] of texts) if (parameter.does !== "limit") put(rest, parameter, text);
    asked = { ...rest, url: rest.url.href };
  } else {
    asked = requestOf(form, { path, parameters: texts, owner });
  }
  return { asked, answer: await send(asked) };
}
