// Puts the page together: sign in, choose a brand, and from then on follow what happens.

import { get, SignedOut, workIn } from "./api.js";
import { button, later, make, wrong } from "./dom.js";
import { list } from "./list.js";
import { follow } from "./live.js";
import { proposals } from "./proposals.js";
import { search } from "./search.js";
import { api, comeBack, signIn, signOut, token } from "./session.js";
import { talk } from "./talk.js";

const main = document.querySelector("#app");

function welcome() {
  const field = make("input", { name: "api", type: "url", required: true, placeholder: "https://api.example.com/v1", value: api.address, ariaLabel: "Address of the API" });
  const form = make("form", {
    className: "welcome",
    onsubmit: async (event) => {
      event.preventDefault();
      api.address = field.value;
      await signIn().catch(() => form.append(wrong({ title: "There is no Palabre at this address, or it does not know this page's origin." })));
    },
  }, make("h1", {}, "Inbox"), make("label", {}, "Where your Palabre is", field), make("button", {}, "Sign in"));
  main.replaceChildren(form);
}

async function workplace() {
  const mine = (await get("/me/agencies")).items;
  if (!mine.length) return main.replaceChildren(wrong({ title: "You are in no agency yet. Open the link of your invitation first." }), button("Sign out", leave));
  const agency = mine.find((one) => one.id === localStorage.agency) ?? mine[0];
  workIn(agency.id);
  const start = await get("/start");
  const people = new Map(start.colleagues.items.map((one) => [one.id, one.name]));
  const names = (id) => (id === start.me.member ? "you" : people.get(id) ?? "a colleague");
  const chosen = make("select", { ariaLabel: "Brand", value: "" }, make("option", { value: "", textContent: "All brands" }),
    ...start.brands.items.map((one) => make("option", { value: one.id, textContent: one.name })));
  chosen.value = start.brands.items.some((one) => one.id === localStorage.brand) ? localStorage.brand : "";
  const brand = () => chosen.value || undefined;

  // The browser's way back leads from a conversation to the list.
  const open = async (id, step = id && !conversation.id ? "pushState" : "replaceState") => {
    approvals.element.hidden = true;
    main.dataset.pane = id ? "talk" : "list";
    history[step](null, "", id ? `#${id}` : location.pathname);
    conversations.mark(id);
    await conversation.show(id).catch((problem) => { if (problem.status === 404) open(""); else throw problem; });
  };
  const conversations = list({ brand, onOpen: open });
  const conversation = talk({ names, onBack: () => open(""), onChange: () => conversations.refresh() });
  const approvals = proposals({ brand, names, onOpen: open, onBack: () => open("") });
  const finding = search({ brand, onOpen: open });
  const badge = make("span", { className: "unread", hidden: true });
  const state = make("span", { className: "state", title: "Whether news comes by itself", role: "status" });

  const count = async () => { const waiting = await approvals.load(); badge.textContent = waiting; badge.hidden = !waiting; };
  const approve = button("Approvals", () => {
    if (approvals.element.hidden) history.pushState(null, "", location.pathname);
    approvals.element.hidden = false;
    main.dataset.pane = "talk";
    count();
  }, "approvals");
  approve.append(" ", badge);
  chosen.onchange = () => { localStorage.brand = chosen.value; conversations.load(); count(); };

  main.replaceChildren(
    make("header", { className: "top" }, make("h1", {}, "Inbox"), chosen, finding.element, approve, state, button("Sign out", leave, "quiet")),
    make("div", { className: "panes" }, make("p", { className: "none choose" }, "Choose a conversation."), finding.found, conversations.element, conversation.element, approvals.element));
  await Promise.all([conversations.load(), count()]);
  const reopen = () => open(/^#(cnv_\w+)$/.exec(location.hash)?.[1] ?? "", "replaceState");
  await reopen();
  addEventListener("popstate", () => reopen().catch(failed));

  const refresh = later(150, () => Promise.all([conversations.refresh(), count()]).catch(failed));
  const show = (events) => {
    if (events.some((event) => event.conversation === conversation.id)) conversation.load()?.catch(failed);
    refresh();
  };
  const told = { live: "live", waiting: "connecting …" };
  follow(start.cursor, show, async () => { await conversations.load(); await conversation.load(); }, (now) => { state.textContent = told[now]; state.className = `state ${now}`; });
}

const leave = () => signOut().finally(welcome);

function failed(problem) {
  if (problem instanceof SignedOut) return welcome();
  main.prepend(wrong(problem));
  setTimeout(() => main.querySelector(":scope > .wrong")?.remove(), 8000);
}

addEventListener("unhandledrejection", (event) => failed(event.reason));
api.address = new URLSearchParams(location.search).get("api") ?? (document.querySelector("meta[name=palabre-api]").content || api.address);
await comeBack();
if (token()) await workplace().catch(failed); else welcome();
