// Elements without a framework: make("p", {className: "wrong"}, "Text", another) and its like.

export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const button = (text, onclick, className = "") => make("button", { type: "button", textContent: text, onclick, className });

/** What went wrong, in the words of the API; problems have a title, most a detail. */
export const wrong = (problem) => make("p", { className: "wrong", role: "alert" }, problem.detail || problem.title || String(problem));

export function ago(moment) {
  const minutes = Math.round((Date.now() - new Date(moment)) / 60_000);
  const [value, unit] = minutes < 60 ? [minutes, "minute"] : minutes < 1440 ? [Math.round(minutes / 60), "hour"] : [Math.round(minutes / 1440), "day"];
  return new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "narrow" }).format(-value, unit);
}

export const clock = (moment) => new Date(moment).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });

/** A round picture of somebody, or the first letter of their name. */
export function face(person) {
  const name = person?.display_name || person?.name || "?";
  const letter = make("span", { className: "face", ariaHidden: "true" }, [...name.replace(/^[#@+]/, "")][0]?.toUpperCase() ?? "?");
  letter.style.setProperty("--hue", [...name].reduce((sum, one) => (sum * 31 + one.codePointAt(0)) % 360, 7));
  if (person?.avatar) {
    const picture = make("img", { src: person.avatar, alt: "", onload: () => letter.replaceChildren(picture) }); // else the letter stays
  }
  return letter;
}

export function later(wait, work) {
  let timer;
  return (...given) => { clearTimeout(timer); timer = setTimeout(() => work(...given), wait); };
}
