// A text that the network approved before: which one, and what fills its gaps. Often it is all that still goes.

import { make } from "./dom.js";

// What fills a gap, as the network writes it, by the kind of the gap. Templates with other gaps are not shown.
const words = (value) => ({ type: "text", text: value });
const file = (kind) => (value) => ({ type: kind, [kind]: { link: value } });
const FILLED = {
  text: words, url: words, copy_code: (value) => ({ type: "coupon_code", coupon_code: value }),
  image: file("image"), video: file("video"), document: file("document"),
};
const ASKED = {
  url: "End of the address behind the button", copy_code: "Code to copy", image: "Address of the picture",
  video: "Address of the film", document: "Address of the document",
};
const place = ({ part, name }) => [part.component, part.index, name].join();
const GAP = /{{\s*(\w+)\s*}}/g;

export function chooser(onInput) {
  const which = make("select", { ariaLabel: "Template" });
  const gaps = make("div", { className: "gaps" }), reads = make("p", { className: "reads" });
  const element = make("div", { className: "template", hidden: true }, which, gaps, reads);
  let offered = [], fields = [];
  const chosen = () => offered.find((one) => one.id === which.value);

  function choose() {
    fields = (chosen()?.variables ?? []).flatMap((part) => part.names.map((name) => {
      const asked = ASKED[part.kind] ?? `${part.component === "header" ? "Title: " : ""}{{${name}}}`;
      return { part, name, asked, input: make("input", { required: true, oninput: say, ariaLabel: asked }) };
    }));
    gaps.replaceChildren(...fields.map(({ asked, input }) => make("label", {}, asked, input)));
    say();
  }

  /** Shows the text as it will be read, as far as it is filled in. */
  function say() {
    const of = new Map(fields.filter(({ part }) => part.component === "body").map(({ name, input }) => [name, input.value]));
    reads.textContent = (chosen()?.text ?? "").replace(GAP, (gap, name) => of.get(name) || gap);
    reads.hidden = !reads.textContent;
    onInput();
  }

  const filled = (part) => ({
    type: part.component,
    ...(part.component === "button" ? { sub_type: part.kind, index: String(part.index) } : {}),
    parameters: fields.filter((field) => field.part === part).map(({ name, input }) => ({
      ...(/^\d+$/.test(name) ? {} : { parameter_name: name }), ...FILLED[part.kind](input.value.trim()),
    })),
  });

  which.onchange = choose;
  return {
    element,
    get isBegun() { return Boolean(which.value); },
    get none() { return !offered.length; },
    get isWhole() { return Boolean(chosen()) && fields.every(({ input }) => input.value.trim()); },
    /** What of it goes into a reply. */
    get said() {
      const { name, language, variables } = chosen();
      return { name, language, components: variables.map(filled) };
    },
    /** These can be sent now. What was chosen and filled in before stays, if it is still among them. */
    offer(templates) {
      const fitting = templates.filter((one) => one.variables.every((part) => part.kind in FILLED));
      if (JSON.stringify(fitting) === JSON.stringify(offered)) return;
      const values = new Map(fields.map((field) => [place(field), field.input.value]));
      const before = chosen()?.id;
      offered = fitting;
      which.replaceChildren(make("option", { value: "", textContent: "Choose a template" }),
        ...offered.map((one) => make("option", { value: one.id, textContent: `${one.name.replaceAll("_", " ")} · ${one.language}` })));
      which.value = offered.some((one) => one.id === before) ? before : "";
      choose();
      for (const field of fields) field.input.value = values.get(place(field)) ?? "";
      say();
    },
    clear() { which.value = ""; choose(); },
  };
}
