// Elements, and texts from outside. Text becomes text nodes: nothing a completion says is ever parsed as HTML.

export function h(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "value" || key === "checked") element[key] = value;
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.flat(4).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function show(place, ...children) {
  place.replaceChildren(...children.flat(4).filter((child) => child !== null && child !== undefined && child !== false));
}

// What would move, hide or colour text is written out instead: controls, direction marks, what has no width.
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]|\u{e0001}|[\u{e0020}-\u{e007f}]/gu;
// More marks on one letter than any script has would be drawn over the lines around.
const HEAPED = /(\p{M}{4})\p{M}+/gu;

export function hides(text) {
  return text.search(HIDDEN) >= 0 || text.search(HEAPED) >= 0;
}

export function plain(text) {
  const nodes = [];
  let from = 0;
  const shortened = String(text).replace(HEAPED, "$1");
  for (const found of shortened.matchAll(HIDDEN)) {
    if (found.index > from) nodes.push(shortened.slice(from, found.index));
    const code = found[0].codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
    if (!(code === "000D" && shortened[found.index + 1] === "\n")) {
      nodes.push(h("span", { class: "control", title: `U+${code}` }, code === "001B" ? "ESC" : `U+${code}`));
    }
    from = found.index + found[0].length;
  }
  nodes.push(shortened.slice(from));
  return nodes;
}

export const SHOWN = 20000;

// A long text in part, with a way to see more of it; `around` is kept in sight.
export function long(text, render = plain, shown = SHOWN) {
  const whole = String(text);
  if (whole.length <= shown) return [...render(whole)];
  const more = h("button", { type: "button", class: "quiet" }, `show ${Math.min(whole.length - shown, shown * 4).toLocaleString("en")} of ${(whole.length - shown).toLocaleString("en")} more characters`);
  const holder = h("span", {}, render(whole.slice(0, shown)), h("span", { class: "cut" }, "… "), more);
  more.addEventListener("click", () => holder.replaceChildren(...long(whole, render, shown * 5)));
  return [holder];
}

export function text(value) {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

const LARGEST = 1e15;

export function number(value, digits = 3) {
  if (value === null || value === undefined) return "–";
  if (Math.abs(value) >= LARGEST) return value.toExponential(digits - 1);
  if (Number.isInteger(value)) return value.toLocaleString("en");
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(digits)));
}

// A moment by its milliseconds; what lies beyond all dates is the number itself.
export function moment(value) {
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? `at ${number(value)} ms` : at.toISOString().slice(0, 16).replace("T", " ");
}

export function milliseconds(value) {
  if (value === null || value === undefined) return "–";
  if (value < 1) return `${number(value * 1000)} µs`;
  return value < 1000 ? `${number(value)} ms` : `${number(value / 1000)} s`;
}

export function bytes(value) {
  if (!value) return "–";
  return value < 1 << 20 ? `${number(value / 1024)} KiB` : `${number(value / (1 << 20))} MiB`;
}

export function words(name) {
  return String(name).replaceAll("_", " ");
}

export function pill(outcome) {
  return h("span", { class: `pill ${/^[a-z_]+$/.test(outcome) ? outcome : ""}` }, plain(words(outcome)));
}

export function copying(label, read) {
  const button = h("button", { type: "button", class: "quiet" }, label);
  button.addEventListener("click", async () => {
    const copied = await read();
    try {
      await navigator.clipboard.writeText(copied);
    } catch {
      const area = h("textarea", { class: "offscreen", "aria-hidden": "true" });
      area.value = copied;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
    }
    button.textContent = "copied";
    setTimeout(() => { button.textContent = label; }, 1200);
  });
  return button;
}
