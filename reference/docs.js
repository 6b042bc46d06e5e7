// The page of operations: a person signs in with a code and PKCE, and tries what they may do.
// The token stays in the memory of this page: whoever loads it anew signs in again.
const api = document.documentElement.dataset.api;
const callback = `${api}/docs/signed-in`;
const kept = sessionStorage;

const base64url = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const random = () => base64url(crypto.getRandomValues(new Uint8Array(48)));

async function signIn() {
  const auth = await (await fetch(`${api}/v1/auth`)).json();
  kept.verifier = random();
  kept.state = random();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(kept.verifier)));
  const asked = new URLSearchParams({
    response_type: "code", client_id: auth.client_id, redirect_uri: callback, state: kept.state,
    scope: auth.scopes.join(" "), code_challenge: base64url(digest), code_challenge_method: "S256",
  });
  location.assign(`${auth.authorization_endpoint}?${asked}`);
}

async function redeemed() {
  const told = new URLSearchParams(location.search);
  if (!told.get("code")) return "";
  const { state, verifier } = kept;
  kept.clear();
  history.replaceState(null, "", `${api}/docs`);
  if (!state || told.get("state") !== state) return "";
  const auth = await (await fetch(`${api}/v1/auth`)).json();
  const answer = await fetch(auth.token_endpoint, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code", client_id: auth.client_id, code: told.get("code"), redirect_uri: callback,
      code_verifier: verifier,
    }),
  });
  return answer.ok ? (await answer.json()).access_token : "";
}

async function show() {
  const token = await redeemed();
  const button = document.querySelector("#sign-in");
  button.textContent = token ? "Signed in" : "Sign in";
  button.disabled = Boolean(token);
  button.onclick = signIn;
  Scalar.createApiReference("#app", {
    url: `${api}/v1/openapi.json`,
    // Nothing is asked of anybody else: no assistant, no proxy, no fonts, no tools of a vendor, no counting.
    agent: { disabled: true },
    mcp: { disabled: true },
    hideClientButton: true,
    showDeveloperTools: "never",
    telemetry: false,
    withDefaultFonts: false,
    proxyUrl: "",
    persistAuth: false,
    defaultHttpClient: { targetKey: "shell", clientKey: "curl" },
    authentication: { preferredSecurityScheme: "bearer", securitySchemes: { bearer: { token } } },
  });
}

show();
