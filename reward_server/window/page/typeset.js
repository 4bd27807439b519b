// Mathematics as it is printed, and programs in colour; what cannot be typeset is shown as it was written.

import { h, hides, long, plain } from "./dom.js";

const TYPESET = 1200;
const COLOURED = 40000;

export function maths(source) {
  const written = String(source).trim().replace(/^\$+|\$+$/g, "").replace(/^\\\[|\\\]$/g, "");
  const place = h("span", { class: "typeset" });
  if (written.length > TYPESET || hides(written) || globalThis.katex === undefined) return h("code", {}, long(source));
  try {
    globalThis.katex.render(written, place, {
      trust: false, throwOnError: true, strict: "ignore", maxSize: 8, maxExpand: 200, output: "html", displayMode: false,
    });
  } catch {
    return h("code", {}, long(source));
  }
  place.setAttribute("role", "math");
  place.setAttribute("aria-label", written);
  return place;
}

// The highlighter's HTML is read into a document that runs nothing, and only its text and class names are taken.
export function program(source, language) {
  const whole = String(source);
  const known = globalThis.hljs && typeof language === "string" && globalThis.hljs.getLanguage(language);
  if (!known || whole.length > COLOURED) return h("code", {}, long(whole));
  const parsed = new DOMParser().parseFromString(globalThis.hljs.highlight(whole, { language, ignoreIllegals: true }).value, "text/html");
  return h("code", {}, coloured(parsed.body));
}

function coloured(node) {
  return [...node.childNodes].map((child) => {
    if (child.nodeType === Node.TEXT_NODE) return plain(child.data);
    const names = [...(child.classList || [])].filter((name) => name.startsWith("hljs-"));
    return h("span", { class: names.join(" ") }, coloured(child));
  });
}
