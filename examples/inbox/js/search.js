// Search by words, over all that may be seen; the words are marked where they stand.

import { get } from "./api.js";
import { ago, face, make, wrong } from "./dom.js";

export function search({ brand, onOpen }) {
  const found = make("ul", { className: "rows found", hidden: true, ariaLabel: "What was found" });
  const field = make("input", { type: "search", placeholder: "Search", ariaLabel: "Search" });

  async function ask(event) {
    event.preventDefault();
    if (!field.value.trim()) return close();
    found.hidden = false;
    try {
      const told = await get("/search", { q: field.value, brand: brand(), limit: 25 });
      found.replaceChildren(...told.items.map(row), ...(told.items.length ? [] : [make("li", { className: "none" }, "Nobody said that.")]));
    } catch (problem) { found.replaceChildren(make("li", {}, wrong(problem))); }
  }

  function close() {
    found.hidden = true;
    found.replaceChildren();
  }

  function row(result) {
    return make("li", {}, make("button", { type: "button", className: "row", onclick: () => { close(); onOpen(result.conversation.id); } },
      face(result.contact), make("span", { className: "name" }, result.contact?.display_name ?? ""),
      make("time", { dateTime: result.message.sent_at }, ago(result.message.sent_at)), make("span", { className: "preview" }, ...marked(result.excerpt))));
  }

  field.oninput = () => { if (!field.value) close(); };
  return { element: make("form", { className: "search", role: "search", onsubmit: ask }, field), found };
}

/** The excerpt with the words marked. Places count characters of Unicode, not units of UTF-16. */
function marked({ text, highlights }) {
  const characters = Array.from(text);
  let at = 0;
  const parts = [];
  for (const { start, end } of highlights) {
    parts.push(characters.slice(at, start).join(""), make("mark", {}, characters.slice(start, end).join("")));
    at = end;
  }
  return [...parts, characters.slice(at).join("")];
}
