// A person signs in with a code and PKCE, accepts an invitation or founds an agency, reads an inbox and answers.
// Tokens stay in memory and in this tab's session storage.
const api = document.querySelector("meta[name=api]").content;
const main = document.querySelector("main");
const kept = sessionStorage;
let auth, agency = "", open = "";

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};
const base64url = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const random = () => base64url(crypto.getRandomValues(new Uint8Array(48)));
const wrong = (problem) => make("p", { className: "wrong", role: "alert", textContent: problem.detail || problem.title });

async function call(verb, path, body, key = crypto.randomUUID(), again = true) {
  const headers = { Authorization: `Bearer ${kept.token}` };
  if (agency) headers["Palabre-Agency"] = agency;
  if (body) Object.assign(headers, { "Content-Type": "application/json", "Idempotency-Key": key });
  const answer = await fetch(api + path, { method: verb, headers, body: body && JSON.stringify(body) });
  const content = await answer.json();
  // Once: a token that was just refreshed and is refused as well is of a session that is over.
  if (answer.status === 401 && again && (await refreshed())) return call(verb, path, body, key, false);
  if (answer.status === 401) forget();
  if (!answer.ok) throw content;
  return content;
}

async function tokens(form) {
  const answer = await fetch(auth.token_endpoint, {
    method: "POST", body: new URLSearchParams({ client_id: auth.client_id, ...form }),
  });
  if (!answer.ok) return false;
  const told = await answer.json();
  kept.token = told.access_token;
  if (told.refresh_token) kept.refresh = told.refresh_token;
  return true;
}

async function refreshed() {
  if (kept.refresh && (await tokens({ grant_type: "refresh_token", refresh_token: kept.refresh }))) return true;
  return false;
}

function forget() {
  for (const name of ["token", "refresh"]) kept.removeItem(name);
  welcome();
}

async function signInQuery() {
  kept.verifier = random();
  kept.state = random();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(kept.verifier)));
  return new URLSearchParams({
    response_type: "code", client_id: auth.client_id, redirect_uri: location.origin + auth.callback, state: kept.state,
    scope: auth.scopes.join(" "), code_challenge: base64url(digest), code_challenge_method: "S256",
  });
}

const lead = async (address) => location.assign(`${address}?${await signInQuery()}`);

async function comesBack() {
  const told = new URLSearchParams(location.search);
  history.replaceState(null, "", "/");
  if (told.get("state") !== kept.state) return;
  await tokens({
    grant_type: "authorization_code", code: told.get("code"), redirect_uri: location.origin + auth.callback,
    code_verifier: kept.verifier,
  });
}

function welcome() {
  const choices = [make("button", { textContent: "Sign in", onclick: () => lead(auth.authorization_endpoint) })];
  if (auth.sign_up_endpoint) choices.push(make("button", { textContent: "Make an account", onclick: () => lead(auth.sign_up_endpoint) }));
  choices.push(make("button", { className: "quiet", textContent: "Forgotten password", onclick: () => lead(auth.password_endpoint) }));
  const invited = kept.invitation ? "You were invited. Sign in with the address that the mail came to." : "One inbox for each brand.";
  main.replaceChildren(make("h1", { textContent: "Palabre" }), make("p", { textContent: invited }), ...choices,
    make("p", {}, make("a", { href: "/mails", textContent: "Mails that this machine sent" })));
}

function founding() {
  const form = make("form", {
    onsubmit: async (event) => {
      event.preventDefault();
      try {
        await call("POST", "/agencies", { name: form.elements.name.value });
        await call("POST", "/brands", { name: form.elements.brand.value });
        await show();
      } catch (problem) { form.append(wrong(problem)); }
    },
  }, make("label", { textContent: "Your agency" }, make("input", { name: "name", required: true })),
  make("label", { textContent: "Its first brand" }, make("input", { name: "brand", required: true })),
  make("button", { textContent: "Found it" }));
  main.replaceChildren(make("h1", { textContent: "You are in no agency yet" }), form);
}

function said(message) {
  const element = make("div", { className: `said ${message.direction}` }, make("span", { textContent: message.text }));
  for (const file of message.attachments)
    if (file.url && file.kind === "image") element.append(make("img", { src: file.url, alt: file.name || "A picture" }));
  const state = message.direction === "out" ? ` · ${message.status}` : "";
  element.append(make("br"), make("small", { textContent: new Date(message.sent_at).toLocaleString() + state }));
  return element;
}

async function uploaded(file) {
  const upload = await call("POST", "/uploads", { type: file.type, size: file.size, name: file.name });
  const form = new FormData();
  for (const [name, value] of Object.entries(upload.fields)) form.append(name, value);
  form.append("file", file);
  const answer = await fetch(upload.url, { method: "POST", body: form });
  if (!answer.ok) throw { title: "The file was not taken." };
  return { upload: upload.id };
}

async function conversation(id) {
  const told = await call("GET", `/conversations/${id}/messages?order=newest&limit=50`);
  const field = make("textarea", { name: "text", rows: 2, placeholder: "Answer" });
  const picture = make("input", { name: "picture", type: "file", accept: "image/*", ariaLabel: "A picture" });
  const form = make("form", {
    onsubmit: async (event) => {
      event.preventDefault();
      try {
        const attachments = await Promise.all([...picture.files].map(uploaded));
        await call("POST", `/conversations/${id}/replies`, { text: field.value, attachments });
        await show();
      } catch (problem) { form.append(wrong(problem)); }
    },
  }, field, picture, make("button", { textContent: "Send" }));
  return make("section", {}, ...told.items.reverse().map(said), form);
}

async function inbox() {
  const [me, brands, listed] = await Promise.all([call("GET", "/me"), call("GET", "/brands"), call("GET", "/conversations?limit=50")]);
  const names = Object.fromEntries(brands.items.map((brand) => [brand.id, brand.name]));
  const rows = listed.items.map((row) => make("li", {
    onclick: () => { open = row.id; show(); },
    ...(row.id === open ? { ariaCurrent: "true" } : {}),
  }, make("strong", { textContent: row.contact?.display_name ?? "Somebody" }),
  make("small", { textContent: ` ${row.network} · ${names[row.brand] ?? ""}${row.unread ? ` · ${row.unread} unread` : ""}` }),
  make("p", { textContent: row.last_message?.text ?? "" })));
  const out = make("button", {
    className: "quiet", textContent: "Sign out",
    onclick: async () => { await call("POST", "/me/sign-out", {}).catch(() => null); kept.clear(); show(); },
  });
  main.replaceChildren(make("header", {}, make("h1", { textContent: "Inbox" }), make("small", { textContent: me.name }), out),
    make("div", { className: "columns" }, make("ul", {}, ...(rows.length ? rows : [make("p", { textContent: "Nothing is open." })])),
      open ? await conversation(open) : make("p", { textContent: "Choose a conversation." })));
}

async function show() {
  if (!kept.token) return welcome();
  try {
    if (kept.invitation) {
      await call("POST", "/invitations/accept", { token: kept.invitation }).finally(() => kept.removeItem("invitation"));
    }
    const mine = (await call("GET", "/me/agencies")).items;
    if (!mine.length) return founding();
    if (mine.length > 1) agency = mine.some((one) => one.id === agency) ? agency : mine[0].id;
    await inbox();
  } catch (problem) {
    if (kept.token) main.replaceChildren(wrong(problem), make("button", { textContent: "Again", onclick: show }));
  }
}

auth = await (await fetch(`${api}/auth`)).json();
if (location.pathname.startsWith("/invitations/")) {
  kept.invitation = decodeURIComponent(location.pathname.slice("/invitations/".length));
  history.replaceState(null, "", "/");
}
if (location.pathname === auth.callback) await comesBack();
await show();
setInterval(() => {
  const writes = document.activeElement?.value;
  if (kept.token && !document.hidden && !writes && document.querySelector(".columns")) show();
}, 5000);
