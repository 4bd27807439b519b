// Expected and got, line by line.

import { h, long, plain } from "./dom.js";

const LINES = 200;

export function differences(expected, got) {
  if (expected === undefined || got === undefined) {
    const name = expected === undefined ? "got" : "expected";
    return h("div", { class: "diff" }, h("div", { class: expected === undefined ? "minus" : "plus" }, h("i", {}, name), long(String(expected === undefined ? got : expected), plain, 2000)));
  }
  const one = String(expected).split("\n").slice(0, LINES);
  const other = String(got).split("\n").slice(0, LINES);
  return h("div", { class: "diff", role: "group", "aria-label": "difference of expected and got" }, steps(one, other).map(([kind, line]) =>
    h("div", { class: kind }, h("i", {}, h("span", { "aria-hidden": "true" }, { plus: "+", minus: "−", same: " " }[kind]), kind === "same" ? null : h("span", { class: "offscreen" }, { plus: "expected", minus: "got" }[kind])), long(line, plain, 1000))));
}

// The longest common subsequence; both sides are short.
function steps(one, other) {
  const best = Array.from({ length: one.length + 1 }, () => new Uint16Array(other.length + 1));
  for (let i = one.length - 1; i >= 0; i -= 1) {
    for (let j = other.length - 1; j >= 0; j -= 1) best[i][j] = one[i] === other[j] ? best[i + 1][j + 1] + 1 : Math.max(best[i + 1][j], best[i][j + 1]);
  }
  const found = [];
  let i = 0;
  let j = 0;
  while (i < one.length || j < other.length) {
    if (i < one.length && j < other.length && one[i] === other[j]) { found.push(["same", one[i]]); i += 1; j += 1; }
    else if (i < one.length && (j === other.length || best[i + 1][j] >= best[i][j + 1])) { found.push(["plus", one[i]]); i += 1; }
    else { found.push(["minus", other[j]]); j += 1; }
  }
  return found;
}
