// Replies that are not sent yet: who is to approve them, and what one may do with them.

import { get, post } from "./api.js";
import { button, clock, make, wrong } from "./dom.js";

const TOLD = {
  draft: "Draft", pending: "Waits for approval", approved: "Planned", rejected: "Rejected", stale: "Look again: something happened since",
  expired: "Nobody approved it in time",
};

/** A reply with the buttons that `allowed` names; `onDone` is called after each. */
export function proposal(reply, names, onDone) {
  const card = make("article", { className: `proposal ${reply.status}` });
  const may = (action) => reply.allowed?.includes(action);
  const act = (action, body) => post(`/replies/${reply.id}/${action}`, body).then(onDone, (problem) => card.append(wrong(problem)));
  const reject = () => {
    const reason = prompt("What should be different?");
    if (reason) act("reject", { reason });
  };
  card.append(...[
    make("small", {}, `${TOLD[reply.status] ?? reply.status} · ${names(reply.author)}`, reply.send_at ? ` · ${clock(reply.send_at)}` : ""),
    make("p", {}, reply.text || `[${reply.template?.name ?? "a file"}]`),
    reply.reason && make("p", { className: "reason" }, reply.reason),
    may("approve") && button("Approve", () => act("approve", { hash: reply.hash })),
    may("submit") && button("Submit", () => act("submit", {})),
    may("reject") && button("Reject", reject, "quiet"),
    may("withdraw") && button("Withdraw", () => act("withdraw", {}), "quiet"),
  ].filter(Boolean));
  return card;
}

/** All that waits for approval, in the brand that is chosen. */
export function proposals({ brand, names, onOpen, onBack }) {
  const element = make("section", { className: "proposals", ariaLabel: "Approvals", hidden: true });

  async function load() {
    const told = await get("/replies", { status: "pending", brand: brand(), include: "allowed", limit: 50 });
    const cards = told.items.map((reply) => {
      const card = proposal(reply, names, load);
      card.append(button("Show the conversation", () => onOpen(reply.conversation), "quiet"));
      return card;
    });
    const head = make("header", {}, button("‹", onBack, "back quiet"), make("h2", {}, "Waiting for approval"));
    element.replaceChildren(head, ...(cards.length ? cards : [make("p", { className: "none" }, "Nothing waits.")]));
    return told.items.length;
  }

  return { element, load };
}
