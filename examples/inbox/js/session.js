// Who is signed in: a code with PKCE on the user pool's own pages, tokens in this tab's session storage.

const kept = sessionStorage;
let known; // what GET /auth says

export const api = {
  get address() { return localStorage.palabre ?? ""; },
  set address(value) { localStorage.palabre = value.replace(/\/+$/, ""); known = undefined; },
};
export const token = () => kept.token;

const base64url = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const random = () => base64url(crypto.getRandomValues(new Uint8Array(48)));
const home = () => location.origin + location.pathname;

export async function discovered() {
  known ??= await (await fetch(`${api.address}/auth`)).json();
  return known;
}

export async function signIn() {
  const auth = await discovered();
  kept.verifier = random();
  kept.state = random();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(kept.verifier)));
  location.assign(`${auth.authorization_endpoint}?${new URLSearchParams({
    response_type: "code", client_id: auth.client_id, redirect_uri: location.origin + auth.callback, state: kept.state,
    scope: auth.scopes.join(" "), code_challenge: base64url(digest), code_challenge_method: "S256",
  })}`);
}

/** Changes the code that the person came back with, if they did, into tokens. */
export async function comeBack() {
  const told = new URLSearchParams(location.search);
  if (!told.has("code")) return;
  history.replaceState(null, "", home());
  if (told.get("state") !== kept.state) return; // somebody else's code, led here to make us work as them
  const auth = await discovered();
  await exchange({
    grant_type: "authorization_code", code: told.get("code"), redirect_uri: location.origin + auth.callback,
    code_verifier: kept.verifier,
  });
}

let refreshing; // one at a time, however many calls were refused
export const refresh = () => (refreshing ??= exchange({ grant_type: "refresh_token", refresh_token: kept.refresh }).finally(() => { refreshing = undefined; }));

async function exchange(form) {
  const auth = await discovered();
  const answer = await fetch(auth.token_endpoint, { method: "POST", body: new URLSearchParams({ client_id: auth.client_id, ...form }) });
  if (!answer.ok) return false;
  const told = await answer.json();
  kept.token = told.access_token;
  if (told.refresh_token) kept.refresh = told.refresh_token;
  return true;
}

export async function signOut() {
  const auth = await discovered();
  if (kept.refresh) {
    await fetch(auth.revocation_endpoint, { method: "POST", body: new URLSearchParams({ client_id: auth.client_id, token: kept.refresh }) }).catch(() => null);
  }
  kept.clear();
}
