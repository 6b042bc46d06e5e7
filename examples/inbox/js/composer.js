// Writing an answer. In which ways one can be sent, until when, and why not, is what `sendability` says of the conversation; how
// long it may be, what is in its way and whether it needs approval is what POST /replies/check says, before anything is sent.

import { get, post, upload } from "./api.js";
import { button, clock, later, make, wrong } from "./dom.js";
import { chooser } from "./templates.js";

const WAYS = { reply: "Answer", private_reply: "Answer in private", tag: "Answer late", template: "Send a template" };
const WHY = {
  window_closed: "The time to answer freely is over.",
  cannot_reply: "This network takes no answers here.",
  contact_unreachable: "This person does not take messages from you, or is gone.",
  channel_expired: "The network does not let us in any more: the account has to be connected anew.",
  channel_disconnected: "The account is not connected.",
  channel_paused: "The account is paused.",
};
const REOPENS = {
  "message.received": "It begins again when they write.",
  "channel.connected": "You can answer again once it is connected.",
  "contact.returns": "You can answer again if they come back.",
};
const READ_ONLY = "You can read this conversation, and not answer it.";
const NO_TEMPLATE = "The network has approved no template of this account that can be sent from here.";
const LONGEST_TIMER = 2 ** 31 - 1;

export function composer(onSent) {
  const notice = make("p", { className: "notice", role: "status", hidden: true });
  const text = make("textarea", { rows: 3, ariaLabel: "Your answer", placeholder: "Write an answer" });
  const file = make("input", { type: "file", ariaLabel: "A picture" });
  const way = make("select", { ariaLabel: "How to answer" });
  const templates = chooser(() => judgeSoon());
  const count = make("span", { className: "count" }), told = make("p", { className: "hint", role: "status" }), trouble = make("div");
  const send = make("button", { type: "submit", disabled: true }, "Send");
  const draft = button("Keep as a draft", () => give({ draft: true }), "quiet");
  let talk = {}, can = {}, picked = "", looks = 0, judged = {}, typed = 0, timer;
  let given; // what was tried last, its key and its files: the same again is one reply, even if we did not hear of it

  const kept = () => `draft ${talk.id}`;
  const isEmpty = () => (way.value === "template" ? !templates.isWhole : !text.value.trim() && !file.files.length);
  const body = (attachments = []) => {
    if (way.value === "template" && templates.isWhole) return { template: templates.said };
    return { text: text.value, attachments, ...{ private_reply: { private: true }, tag: { tag: can.tags?.[0] } }[way.value] };
  };

  /** Draws what sendability says. It says more where it is asked for by itself: which templates can be sent. */
  function draw(found) {
    can = { templates: can.templates, ...found };
    if (found.templates) templates.offer(found.templates);
    const none = can.templates && templates.none && can.ways.includes("template");
    const ways = can.ways.filter((one) => one !== "template" || !none), wanted = templates.isBegun ? "template" : picked;
    way.replaceChildren(...ways.map((one) => make("option", { value: one, textContent: WAYS[one] ?? one })));
    way.value = ways.includes(wanted) ? wanted : ways[0] ?? "";
    way.hidden = ways.length < 2;
    const isTemplate = way.value === "template", media = Object.values(can.media ?? {});
    text.hidden = isTemplate;
    file.hidden = isTemplate || !media.length;
    file.accept = media.flatMap((kind) => kind.types).join(",");
    templates.element.hidden = !isTemplate || !can.templates;
    const may = ["reply", "propose", "draft"].some((action) => talk.allowed?.includes(action));
    form.hidden = !ways.length || !may;
    notice.textContent = [can.why && closed(ways), none && NO_TEMPLATE, can.can && !may && READ_ONLY].filter(Boolean).join(" ");
    notice.hidden = !notice.textContent;
    clearTimeout(timer);
    if (can.until) timer = setTimeout(look, Math.min(Math.max(Date.parse(can.until) - Date.now(), 60_000), LONGEST_TIMER));
    judgeSoon();
  }

  /** Why one cannot answer freely now, what would change that, and what is still possible. */
  function closed(ways) {
    const still = ways.map((one) => (WAYS[one] ?? one).toLowerCase() + (can.until_by_way[one] ? ` until ${clock(can.until_by_way[one])}` : ""));
    return [WHY[can.why] ?? can.why, REOPENS[can.reopens], still.length && `You can still ${still.join(", or ")}.`].filter(Boolean).join(" ");
  }

  const look = async () => {
    const mine = ++looks;
    const found = await get(`/conversations/${talk.id}/sendability`);
    if (mine === looks && element.isConnected) draw(found);
  };

  async function judge() {
    if (form.hidden || !element.isConnected) return;
    const asked = JSON.stringify(body()), isNothing = isEmpty();
    const answer = await post("/replies/check", { conversation: talk.id, ...body(), ...(isNothing ? { text: "…" } : {}) });
    if (asked !== JSON.stringify(body())) return; // it was written on meanwhile
    const length = way.value !== "template" && answer.ways.find((one) => one.way === way.value)?.text;
    const over = length ? length.length - length.most : 0;
    count.textContent = length ? `${isNothing ? 0 : length.length} / ${length.most}` : "";
    count.classList.toggle("over", over > 0);
    const problems = answer.problems.filter((one) => !isNothing || (one.field !== "text" && one.code !== can.why));
    const hints = problems.map((one) => (one.code === "text_too_long" && over > 0 ? `The text is ${over} ${length.unit} too long.` : one.detail));
    const line = (answer.line?.findings ?? []).map((finding) => finding.detail ?? finding.code);
    const until = !can.why && can.until_by_way?.[way.value] && `Can be answered until ${clock(can.until_by_way[way.value])}.`;
    told.textContent = [...hints, ...line, until].filter(Boolean).join(" ");
    send.textContent = answer.needs?.count ? "Ask for approval" : "Send";
    judged = { asked, fits: !isNothing && !problems.length };
    send.disabled = !judged.fits;
  }

  async function give(more) {
    send.disabled = draft.disabled = true;
    trouble.replaceChildren();
    try {
      if (judged.asked !== JSON.stringify(body())) await judge(); // written faster than it was looked at
      if (judged.fits || more.draft) await hand(more);
    } catch (problem) {
      trouble.replaceChildren(wrong(problem)); // and what was written stays
      await look().catch(() => null);
    }
    draft.disabled = false;
    await judge().catch(() => null);
  }

  async function hand(more) {
    const said = JSON.stringify([body(), more, [...file.files].map((one) => [one.name, one.size, one.lastModified])]);
    if (given?.said !== said) given = { said, key: crypto.randomUUID(), attachments: await Promise.all([...file.files].map(upload)) };
    await post(`/conversations/${talk.id}/replies`, { ...body(given.attachments), ...more }, given.key);
    given = undefined;
    text.value = file.value = picked = "";
    templates.clear();
    localStorage.removeItem(kept());
    await onSent();
  }

  const judgeSoon = later(300, () => judge().catch((problem) => trouble.replaceChildren(wrong(problem))));
  text.oninput = () => {
    localStorage[kept()] = text.value;
    if (Date.now() - typed > 5_000 && talk.allowed?.includes("typing")) {
      typed = Date.now();
      post(`/conversations/${talk.id}/typing`).catch(() => null);
    }
    judgeSoon();
  };
  file.oninput = judgeSoon;
  way.onchange = () => {
    picked = way.value;
    if (picked !== "template") templates.clear();
    draw(can);
    if (picked === "template") look();
  };
  text.onkeydown = (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !send.disabled) give({}); };

  const form = make("form", { hidden: true, onsubmit: (event) => { event.preventDefault(); give({}); } },
    text, templates.element, make("div", { className: "tools" }, way, file, count, draft, send), told, trouble);
  const element = make("div", { className: "composer" }, notice, form);
  return {
    element,
    /** What is known of the conversation now: first of all, and whenever something happened in it. */
    knows(now) {
      if (!talk.id) text.value = localStorage[`draft ${now.id}`] ?? "";
      talk = now;
      looks += 1; // what is asked for at this moment is older
      draw(talk.included.sendability);
      return way.value === "template" || (can.why && can.ways.includes("template")) ? look() : undefined;
    },
  };
}
