// The page of a connect link. The token stays in this tab: it comes behind the # of the address, and goes in bodies only.
"use strict";

const WORDS = {
  en: { ask: "Choose where your accounts are. You sign in there, not here.", connect: "Connect", via: "Connect {name}", server: "Server of {name}, as in example.social", pick: "Choose the accounts to connect.", done: "Connected. You may close this page.", failed: "Not connected: {reason}", gone: "This link does not work any more. Ask whoever sent it for a new one.", refused: "The network did not let us in. {reason}", busy: "One moment…", losing: "These accounts will stop working: {names}. On the network's page, choose them too.", taken: "connected already", back: "Back", none: "There are no accounts that you may connect.", over: "This sign-in was used already, or took too long. Go back to where you began, and try again." },
  fr: { ask: "Choisissez où sont vos comptes. Vous vous connectez là-bas, pas ici.", connect: "Connecter", via: "Connecter {name}", server: "Serveur de {name}, par exemple example.social", pick: "Choisissez les comptes à connecter.", done: "Connecté. Vous pouvez fermer cette page.", failed: "Non connecté : {reason}", gone: "Ce lien ne fonctionne plus. Demandez-en un nouveau à la personne qui l'a envoyé.", refused: "Le réseau a refusé. {reason}", busy: "Un instant…", losing: "Ces comptes ne fonctionneront plus : {names}. Choisissez-les aussi sur la page du réseau.", taken: "déjà connecté", back: "Retour", none: "Il n'y a aucun compte que vous puissiez connecter.", over: "Cette connexion a déjà servi, ou a pris trop de temps. Revenez là où vous avez commencé et réessayez." },
  es: { ask: "Elija dónde están sus cuentas. Usted inicia sesión allí, no aquí.", connect: "Conectar", via: "Conectar {name}", server: "Servidor de {name}, por ejemplo example.social", pick: "Elija las cuentas que quiere conectar.", done: "Conectado. Puede cerrar esta página.", failed: "No conectado: {reason}", gone: "Este enlace ya no funciona. Pida uno nuevo a quien se lo envió.", refused: "La red no lo permitió. {reason}", busy: "Un momento…", losing: "Estas cuentas dejarán de funcionar: {names}. Elíjalas también en la página de la red.", taken: "ya conectada", back: "Volver", none: "No hay cuentas que pueda conectar.", over: "Este inicio de sesión ya se usó o tardó demasiado. Vuelva a donde empezó e inténtelo de nuevo." },
  de: { ask: "Wählen Sie, wo Ihre Konten sind. Sie melden sich dort an, nicht hier.", connect: "Verbinden", via: "{name} verbinden", server: "Server von {name}, zum Beispiel example.social", pick: "Wählen Sie die Konten, die verbunden werden.", done: "Verbunden. Sie können diese Seite schließen.", failed: "Nicht verbunden: {reason}", gone: "Dieser Link gilt nicht mehr. Bitten Sie um einen neuen.", refused: "Das Netzwerk hat es nicht erlaubt. {reason}", busy: "Einen Moment…", losing: "Diese Konten funktionieren dann nicht mehr: {names}. Wählen Sie sie auf der Seite des Netzwerks mit aus.", taken: "schon verbunden", back: "Zurück", none: "Es gibt keine Konten, die Sie verbinden können.", over: "Diese Anmeldung wurde schon benutzt oder hat zu lange gedauert. Gehen Sie dorthin zurück, wo Sie begonnen haben, und versuchen Sie es noch einmal." },
  pt: { ask: "Escolha onde estão as suas contas. A sessão é iniciada lá, não aqui.", connect: "Ligar", via: "Ligar {name}", server: "Servidor de {name}, por exemplo example.social", pick: "Escolha as contas a ligar.", done: "Ligado. Pode fechar esta página.", failed: "Não ligado: {reason}", gone: "Este link já não funciona. Peça um novo a quem o enviou.", refused: "A rede não permitiu. {reason}", busy: "Um momento…", losing: "Estas contas deixarão de funcionar: {names}. Escolha-as também na página da rede.", taken: "já ligada", back: "Voltar", none: "Não há contas que possa ligar.", over: "Este início de sessão já foi usado ou demorou demasiado. Volte ao ponto onde começou e tente de novo." },
};
const KEPT = "palabre-connect-token";
const API = new URL("v1/connecting", location.href.replace(/connect([?#].*)?$/, ""));
const at = (id) => document.getElementById(id);
let words = WORDS.en;

function say(text, values = {}) {
  at("said").textContent = text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

async function ask(path, body) {
  const answer = await fetch(API + path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ token, ...body }),
  });
  const told = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(told.detail || told.title || ""), { status: answer.status });
  return told;
}

function token_of() {
  const given = decodeURIComponent(location.hash.slice(1));
  if (given) {
    sessionStorage.setItem(KEPT, given);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return given || sessionStorage.getItem(KEPT) || "";
}

function offer(networks) {
  const form = at("networks");
  for (const network of networks) {
    const server = document.createElement("input");
    server.type = "text";
    server.placeholder = words.server.replace("{name}", network.name);
    server.setAttribute("aria-label", server.placeholder);
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words.via.replace("{name}", network.name);
    button.dataset.network = network.product || network.key;
    button.addEventListener("click", () => begin(network, server.value.trim().toLowerCase()));
    if (network.names_server) form.append(server);
    form.append(button);
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
}

async function begin(network, server) {
  say(words.busy);
  try {
    const begun = await ask("/consents", {
      network: network.key, ...(network.product && { product: network.product }), ...(network.names_server && { server }),
    });
    location.assign(begun.url);
  } catch (problem) {
    say(words.failed, { reason: problem.message });
  }
}

function choose(consent) {
  const list = at("list");
  for (const account of consent.accounts) {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.value = account.id;
    box.checked = consent.accounts.length === 1 && !account.is_taken;
    box.disabled = account.is_taken;
    label.append(box);
    if (account.picture) {
      const picture = document.createElement("img");
      picture.src = account.picture;
      picture.alt = "";
      picture.addEventListener("error", () => picture.remove());
      label.append(picture);
    }
    label.append(account.name + (account.is_taken ? ` (${words.taken})` : ""));
    list.append(label);
  }
  if (consent.losing.length) {
    at("warning").textContent = words.losing.replace("{names}", consent.losing.map((one) => one.name).join(", "));
    at("warning").hidden = false;
  }
  at("connect").textContent = words.connect;
  at("accounts").addEventListener("submit", (event) => connect(event, consent));
  at("accounts").hidden = !consent.accounts.length;
  say(consent.accounts.length ? words.pick : words.none);
}

async function connect(event, consent) {
  event.preventDefault();
  const accounts = [...document.querySelectorAll("#list input:checked")].map((box) => box.value);
  if (!accounts.length) return;
  at("connect").disabled = true;
  say(words.busy);
  try {
    const { results } = await ask(`/consents/${consent.id}/channels`, { accounts });
    const failed = results.find((result) => result.code);
    if (failed) throw new Error(failed.detail || failed.code);
    at("accounts").hidden = true;
    say(words.done);
  } catch (problem) {
    say(words.failed, { reason: problem.message });
  }
  at("connect").disabled = false;
}

function spoken(language) {
  words = WORDS[language] || WORDS[navigator.language.slice(0, 2)] || WORDS.en;
  document.documentElement.lang = Object.keys(WORDS).find((key) => WORDS[key] === words);
}

async function show() {
  const query = new URLSearchParams(location.search);
  try {
    spoken("");
    if (!token && query.get("status") === "over") return say(words.over);
    const link = await ask("", {});
    spoken(link.language);
    document.title = at("title").textContent = link.title;
    if (link.logo) Object.assign(at("logo"), { src: link.logo, hidden: false });
    if (link.return_to) Object.assign(at("back"), { href: link.return_to, textContent: words.back, hidden: false });
    const id = query.get("consent");
    const consent = id ? await ask(`/consents/${id}`, {}) : null;
    if (consent?.status === "granted") return choose(consent);
    say(consent ? words.refused : words.ask, { reason: consent?.reason || "" });
    offer(link.networks);
  } catch (problem) {
    say(words.gone);
  }
}

const token = token_of();
show();
