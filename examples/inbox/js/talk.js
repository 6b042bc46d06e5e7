// One conversation: what was said, what is to be said, and what may be done with both.

import { call, get, post } from "./api.js";
import { composer } from "./composer.js";
import { button, clock, face, make, wrong } from "./dom.js";
import { proposal } from "./proposals.js";

const INCLUDE = "contact,assignee,channel,replies,origin,allowed,sendability,notes";
const SHOWN_STATES = { queued: "is on its way", sending: "is on its way", sent: "✓ sent", delivered: "✓✓ delivered", read: "✓✓ read", failed: "was not sent", unknown: "may have been sent" };

export function talk({ names, onBack, onChange }) {
  const head = make("header"), log = make("div", { className: "log", role: "log", ariaLabel: "Messages" }), waiting = make("div", { className: "waiting" });
  const foot = make("footer"), element = make("section", { className: "talk", ariaLabel: "Conversation" }, head, log, waiting, foot);
  let id = "", writes = null, written = "", read = "";

  async function load() {
    const asked = id;
    const [told, said] = await Promise.all([
      get(`/conversations/${asked}`, { include: INCLUDE }),
      get(`/conversations/${asked}/messages`, { order: "newest", limit: 50, include: "contact,allowed" }),
    ]);
    if (asked !== id) return;
    drawHead(told);
    drawLog(told, said);
    waiting.replaceChildren(...(told.included.replies ?? []).map((reply) => proposal(reply, names, load)));
    if (written !== id) {
      writes = composer(load);
      written = id;
      foot.replaceChildren(writes.element);
    }
    const last = said.items[0];
    if (told.unread && last && last.id !== read && told.allowed?.includes("read") && !document.hidden) {
      read = last.id; // so that the customer is told once, if the brand wants that
      post(`/conversations/${id}/read`, { up_to: last.id }).then(onChange, () => null);
    }
    await writes.knows(told);
  }

  function drawHead(told) {
    const may = (action) => told.allowed?.includes(action);
    const change = (work) => work.then(load).then(onChange).catch((problem) => head.append(wrong(problem)));
    const isDone = told.status === "resolved";
    head.replaceChildren(
      button("‹", onBack, "back quiet"),
      face((told.included.contacts ?? []).find((one) => one.id === told.contact?.id) ?? told.contact),
      make("div", { className: "who" },
        make("h2", {}, told.contact?.display_name ?? "Somebody"),
        make("small", {}, `${told.network} ${told.surface} · ${told.assignee ? `with ${names(told.assignee)}` : "nobody's yet"}`)),
      may("assign") && !told.assignee && button("Take it", () => change(post(`/conversations/${id}/assign`, { to: "me" })), "quiet"),
      may("change_status") && button(isDone ? "Open again" : "Resolve", () => change(call("PATCH", `/conversations/${id}`, { status: isDone ? "open" : "resolved" })), "quiet"),
    );
  }

  function drawLog(told, said) {
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    const origin = told.origin?.text && make("aside", { className: "origin" }, told.origin.picture && make("img", { src: told.origin.picture, alt: "" }), make("p", {}, told.origin.text));
    const notes = (told.included.notes ?? []).map((note) => ({ at: note.created_at, element: make("p", { className: "note" }, `${note.author?.name ?? names(note.author)}: ${note.text}`) }));
    const messages = said.items.map((message) => ({ at: message.sent_at, element: bubble(message) }));
    const all = [...messages, ...notes].sort((one, other) => one.at.localeCompare(other.at));
    log.replaceChildren(...(origin ? [origin] : []), ...all.map((entry) => entry.element));
    if (atEnd || log.dataset.of !== id) log.scrollTop = log.scrollHeight;
    log.dataset.of = id;
  }

  function bubble(message) {
    const files = message.attachments.map((file) => file.kind === "image" && file.url
      ? make("img", { src: file.url, alt: file.name || "A picture", loading: "lazy" })
      : make("a", { href: file.url ?? "", textContent: file.name || file.kind, target: "_blank", rel: "noopener" }));
    const hide = ["hide", "unhide"].find((action) => message.allowed?.includes(action));
    return make("article", { className: `said ${message.direction}${message.hidden ? " hidden-there" : ""}` },
      message.deleted_at ? make("em", {}, "taken back") : make("p", {}, message.text || (files.length ? "" : `[${message.kind}]`)), ...files,
      make("small", {}, clock(message.sent_at), message.edited_at ? " · edited" : "", message.direction === "out" ? ` · ${SHOWN_STATES[message.status] ?? message.status}` : ""),
      hide && button(hide === "hide" ? "Hide" : "Show again", () => post(`/messages/${message.id}/${hide}`).then(load), "quiet small"));
  }

  return {
    element,
    get id() { return id; },
    async show(other) {
      id = other;
      element.hidden = !id;
      if (id) await load();
    },
    load: () => id && load(),
  };
}
