// Writing an answer. What can be sent, how long, with which files and whether it needs approval is what the API says, before
// anything is sent: POST /replies/check.

import { post, upload } from "./api.js";
import { button, clock, later, make, wrong } from "./dom.js";

const WAYS = { reply: "Answer", private_reply: "Answer in private", template: "Template", tag: "Answer with a tag" };
const CLOSED = { window_closed: "The time in which this customer can be answered is over." };

export function composer(talk, onSent) {
  const kept = `draft ${talk.id}`;
  const text = make("textarea", { rows: 3, ariaLabel: "Your answer", placeholder: "Write an answer", value: localStorage[kept] ?? "" });
  const file = make("input", { type: "file", ariaLabel: "A picture", accept: acceptable(talk.included.sendability) });
  const way = make("select", { ariaLabel: "How to answer" });
  const template = { name: make("input", { placeholder: "Name of the template", ariaLabel: "Name of the template" }), language: make("input", { placeholder: "en_US", ariaLabel: "Language of the template", size: 6 }) };
  const templates = make("div", { className: "template", hidden: true }, template.name, template.language);
  const count = make("span", { className: "count" }), told = make("p", { className: "hint", role: "status" }), trouble = make("div");
  const send = make("button", { type: "submit", disabled: true }, "Send");
  const draft = button("Keep as a draft", () => give({ draft: true }), "quiet");
  let turn = 0, typed = 0;
  let given; // what was tried last, its key and its files: the same again is one reply, even if we did not hear of it

  const body = (attachments = []) => ({
    ...(way.value === "template"
      ? { template: { name: template.name.value, language: template.language.value || "en_US" } }
      : { text: text.value, attachments, ...(way.value === "private_reply" ? { private: true } : {}) }),
  });
  const isEmpty = () => (way.value === "template" ? !template.name.value : !text.value.trim() && !file.files.length);

  async function judge() {
    const mine = ++turn;
    const answer = await post("/replies/check", { conversation: talk.id, ...body(), ...(isEmpty() ? { text: "…" } : {}) });
    if (mine !== turn) return;
    drawWays(answer.ways);
    const chosen = answer.ways.find((one) => one.way === way.value) ?? answer.ways[0];
    const length = chosen?.text;
    count.textContent = length && way.value !== "template" ? `${isEmpty() ? 0 : length.length} / ${length.most}` : "";
    count.classList.toggle("over", Boolean(length && length.length > length.most));
    const problems = (chosen?.problems ?? answer.problems).filter((problem) => !(isEmpty() && problem.field === "text"));
    const line = (answer.line?.findings ?? []).map((finding) => finding.detail ?? finding.code);
    told.textContent = [...problems.map((problem) => CLOSED[problem.code] ?? problem.detail), ...line,
      ...(problems.length || !chosen?.until ? [] : [`Can be answered until ${clock(chosen.until)}.`])].join(" ");
    send.textContent = answer.needs?.count ? "Ask for approval" : "Send";
    send.disabled = isEmpty() || problems.length > 0;
  }

  function drawWays(ways) {
    const before = way.value;
    way.replaceChildren(...ways.map((one) => make("option", { value: one.way, textContent: WAYS[one.way] ?? one.way })));
    const usable = ways.find((one) => one.can)?.way ?? ways[0]?.way;
    way.value = ways.some((one) => one.way === before) && before ? before : usable ?? "";
    way.hidden = ways.length < 2;
    templates.hidden = way.value !== "template";
    text.hidden = file.hidden = way.value === "template";
  }

  async function give(more) {
    send.disabled = draft.disabled = true;
    trouble.replaceChildren();
    try {
      const said = JSON.stringify([body(), more, [...file.files].map((one) => [one.name, one.size, one.lastModified])]);
      if (given?.said !== said) given = { said, key: crypto.randomUUID(), attachments: await Promise.all([...file.files].map(upload)) };
      await post(`/conversations/${talk.id}/replies`, { ...body(given.attachments), ...more }, given.key);
      given = undefined;
      text.value = file.value = template.name.value = "";
      localStorage.removeItem(kept);
      await onSent();
    } catch (problem) {
      trouble.replaceChildren(wrong(problem)); // and what was written stays
    }
    draft.disabled = false;
    await judge().catch(() => null);
  }

  const judgeSoon = later(300, () => judge().catch((problem) => trouble.replaceChildren(wrong(problem))));
  text.oninput = () => {
    localStorage[kept] = text.value;
    if (Date.now() - typed > 5_000 && talk.allowed?.includes("typing")) {
      typed = Date.now();
      post(`/conversations/${talk.id}/typing`).catch(() => null);
    }
    judgeSoon();
  };
  for (const field of [file, way, template.name, template.language]) field.oninput = judgeSoon;
  text.onkeydown = (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !send.disabled) give({}); };

  const form = make("form", { className: "composer", onsubmit: (event) => { event.preventDefault(); give({}); } },
    text, templates, make("div", { className: "tools" }, way, file, count, draft, send), told, trouble);
  if (!["reply", "propose", "draft"].some((action) => talk.allowed?.includes(action))) {
    return { element: make("p", { className: "hint" }, "You can read this conversation, and not answer it."), of: talk.id, judge: () => null };
  }
  judgeSoon();
  return { element: form, of: talk.id, judge: judgeSoon };
}

const acceptable = (sendability) => Object.values(sendability?.media ?? {}).flatMap((kind) => kind.types).join(",");
