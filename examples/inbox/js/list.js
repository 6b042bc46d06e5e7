// The column of conversations: filters, rows with pictures, and more rows as one scrolls.

import { get } from "./api.js";
import { ago, button, face, make } from "./dom.js";

export const FILTERS = {
  Open: {},
  Mine: { assignee: "me" },
  Unassigned: { assignee: "none" },
  Waiting: { waiting: "true", order: "oldest" },
  Resolved: { status: "resolved" },
};
const WITH = "contact,assignee,channel";

export function list({ brand, onOpen }) {
  const rows = make("ul", { className: "rows", ariaLabel: "Conversations" });
  const more = button("More", () => page(next), "quiet more");
  let filter = "Open", open = "", next = null, shown = [], asked = 0;
  const people = new Map();

  const tabs = make("nav", { ariaLabel: "Filters" }, ...Object.keys(FILTERS).map((name) => button(name, () => {
    filter = name;
    load();
  })));

  async function page(cursor) {
    const turn = ++asked;
    const told = await get("/conversations", { ...FILTERS[filter], brand: brand(), include: WITH, limit: 30, cursor: cursor ?? undefined });
    if (turn !== asked) return; // another filter was chosen meanwhile
    for (const contact of told.included.contacts ?? []) people.set(contact.id, contact);
    shown = cursor ? [...shown, ...told.items] : told.items;
    next = told.next;
    draw();
  }

  const load = () => page(null);

  function draw() {
    for (const tab of tabs.children) tab.ariaPressed = String(tab.textContent === filter);
    rows.replaceChildren(...shown.map(row), ...(shown.length ? [] : [make("li", { className: "none" }, "Nothing is here.")]));
    more.hidden = !next;
  }

  function row(talk) {
    const last = talk.last_message;
    const told = last ? (last.direction === "out" ? "You: " : "") + (last.text || `[${last.kind}]`) : "";
    return make("li", { ariaCurrent: String(talk.id === open) },
      make("button", { type: "button", className: "row", onclick: () => onOpen(talk.id) },
        face(people.get(talk.contact?.id) ?? talk.contact),
        make("span", { className: "name" }, talk.contact?.display_name ?? "Somebody"),
        make("time", { dateTime: last?.sent_at ?? talk.updated_at }, ago(last?.sent_at ?? talk.updated_at)),
        make("span", { className: "preview" }, told),
        make("span", { className: "marks" },
          make("span", { className: `network ${talk.network}` }, `${talk.network} ${talk.surface}`),
          talk.unread > 0 && make("span", { className: "unread", ariaLabel: `${talk.unread} unread` }, String(talk.unread)))));
  }

  return {
    element: make("section", { className: "list", ariaLabel: "Inbox" }, tabs, rows, more),
    load,
    /** What is on the first page may have changed; what was loaded behind it stays. */
    async refresh() {
      const turn = asked;
      const told = await get("/conversations", { ...FILTERS[filter], brand: brand(), include: WITH, limit: 30 });
      if (turn !== asked) return;
      for (const contact of told.included.contacts ?? []) people.set(contact.id, contact);
      const first = new Set(told.items.map((talk) => talk.id));
      shown = [...told.items, ...(told.next ? shown.slice(30).filter((talk) => !first.has(talk.id)) : [])];
      if (shown.length <= 30) next = told.next;
      draw();
    },
    mark(id) { open = id; draw(); },
  };
}
