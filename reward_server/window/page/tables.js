// What views of runs are made of: where this is, tables, names of steps.

import { h, long, moment, plain } from "./dom.js";

export const link = (...parts) => `#/runs/${parts.map(encodeURIComponent).join("/")}`;

export function crumbs(...parts) {
  return h("nav", { class: "crumbs", "aria-label": "Where this is" }, parts.map(([label, to], index) => [index ? h("span", { "aria-hidden": "true" }, "/") : null,
    to ? h("a", { href: to }, long(label, plain, 60)) : h("span", { "aria-current": "page" }, long(label, plain, 60))]));
}

export function table(heads, rows, label) {
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, h("table", {},
    h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col", class: head.startsWith("#") ? "num" : "" }, head.replace("#", ""))))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell, index) => h("td", { class: heads[index].startsWith("#") ? "num" : "" }, cell)))))));
}

export function stepName(value, named) {
  return named ? `step ${value}` : moment(value * 60000);
}
