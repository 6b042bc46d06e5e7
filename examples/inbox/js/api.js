// One function for all calls. A write carries an Idempotency-Key that is minted once, so that it can be repeated safely.

import { api, refresh, token } from "./session.js";

let agency = "";
export const workIn = (id) => { agency = id; };

/** A problem as RFC 9457 tells it: `code` is stable, `detail` is for people. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title);
    Object.assign(this, body, { status });
  }
}

export class SignedOut extends Error {}

export async function call(verb, path, body, { key = crypto.randomUUID(), tries = 3 } = {}) {
  const headers = { Authorization: `Bearer ${token()}`, "Accept-Language": navigator.language };
  if (agency) headers["Palabre-Agency"] = agency;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (verb === "POST") headers["Idempotency-Key"] = key;
  const again = () => call(verb, path, body, { key, tries: tries - 1 });
  let answer;
  try {
    answer = await fetch(api.address + path, { method: verb, headers, body: body && JSON.stringify(body) });
  } catch (unreachable) {
    if (tries > 1 && (verb === "GET" || verb === "POST")) return rest(1).then(again); // the key makes it one reply
    throw new Problem(0, { title: "Palabre cannot be reached.", detail: "You may be offline. What you wrote is still here." });
  }
  if (answer.status === 401) {
    if (tries > 1 && (await refresh())) return again();
    throw new SignedOut();
  }
  if ((answer.status === 429 || answer.status === 503) && tries > 1) return rest(Number(answer.headers.get("Retry-After") ?? 1)).then(again);
  const told = await answer.json();
  if (!answer.ok) throw new Problem(answer.status, told);
  return told;
}

const rest = (seconds) => new Promise((done) => setTimeout(done, Math.min(seconds, 20) * 1000));

export const get = (path, query = {}) => {
  const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined && value !== ""));
  return call("GET", asked.size ? `${path}?${asked}` : path);
};
/** With the `key` of an earlier try, it is the same request: done once, however often it is asked. */
export const post = (path, body = {}, key = undefined) => call("POST", path, body, { key });

/** Uploads a file straight to the store; what it gives goes into a reply's `attachments`. */
export async function upload(file) {
  const begun = await post("/uploads", { type: file.type, size: file.size, name: file.name });
  const form = new FormData();
  for (const [name, value] of Object.entries(begun.fields)) form.append(name, value);
  form.append("file", file);
  const answer = await fetch(begun.url, { method: "POST", body: form });
  if (!answer.ok) throw new Problem(answer.status, { title: "The file was not taken." });
  return { upload: begun.id };
}
