// The overview of a part of what is stored: a run, a kind of it, or one task; asked again while it is looked at.

import { shares, OUTCOME_COLOURS } from "./charts.js";
import { curveCharts } from "./curve.js";
import { h, number, plain, show, words } from "./dom.js";
import { figures } from "./figures.js";
import { get } from "./source.js";
import { link } from "./tables.js";

const AGAIN = 3000;

// The fields that narrow: `go` is called with what is chosen.
export function narrowing(wanted, runs, kinds, go) {
  const choice = (name, every, values) => {
    const field = h("select", { id: `narrow-${name}` }, h("option", { value: "" }, every), values.map((one) => h("option", { value: one }, one.slice(0, 80))));
    field.value = wanted[name];
    field.addEventListener("change", () => go({ ...wanted, [name]: field.value }));
    return h("span", { class: "pair" }, h("label", { for: `narrow-${name}` }, words(name[0].toUpperCase() + name.slice(1))), field);
  };
  return [choice("run", wanted.task ? "every run" : "every run, now", runs), wanted.task ? null : choice("kind", "every kind", kinds),
    wanted.task ? h("button", { type: "button", class: "quiet", onclick: () => go({ ...wanted, task: "" }) }, "every task") : null];
}

export async function narrowed(place, wanted, runs, go, signal) {
  let drawn = "";
  for (;;) {
    const told = await get("window/api/curve", wanted);
    if (signal.aborted) return;
    const now = JSON.stringify(told);
    if (now !== drawn) show(place, ...whole(told, wanted, runs, go, signal));
    drawn = now;
    await new Promise((resolve) => { setTimeout(resolve, AGAIN); });
    if (signal.aborted) return;
  }
}

function whole(told, wanted, runs, go, signal) {
  const total = told.n.reduce((sum, n) => sum + n, 0);
  const counts = Object.fromEntries(Object.entries(told.outcomes).map(([name, values]) => [name, values.reduce((sum, n) => sum + n, 0)]));
  const rewarded = told.n.map((n, index) => n * (1 - told.nulls[index]));
  const paid = rewarded.reduce((sum, n) => sum + n, 0);
  const mean = paid ? rewarded.reduce((sum, n, index) => sum + n * (told.reward[index] || 0), 0) / paid : null;
  const tile = (name, value, note) => h("div", { class: "tile" }, h("span", { class: "name" }, name), h("b", {}, value), note ? h("span", { class: "quiet-text" }, note) : null);
  const chosen = wanted.run ? (index) => { location.hash = link("step", wanted.run, told.step[index]); } : undefined;
  return [h("h1", {}, "Overview"),
    h("div", { class: "filters" }, narrowing(wanted, runs, told.kinds, go), wanted.task ? h("a", { href: link("task", wanted.task) }, "this task's groups") : h("a", { href: link("run", wanted.run) }, "this run's steps")),
    told.head ? h("p", {}, plain(told.head)) : null,
    h("div", { class: "tiles small" }, tile("verdicts", number(total)), tile("mean reward", number(mean)), tile("steps", number(told.step.length), told.width > 1 ? `points of ${told.width}` : ""),
      tile("without a reward", total ? `${number(100 * (1 - paid / total))} %` : "–"),
      told.figures.cached_share === null ? null : tile("cache hits", `${number(100 * told.figures.cached_share)} %`),
      h("div", { class: "tile wide" }, h("span", { class: "name" }, "outcomes"), total ? shares(counts, OUTCOME_COLOURS) : null,
        h("span", { class: "quiet-text" }, total ? Object.entries(counts).sort(([, one], [, other]) => other - one).map(([name, n]) => `${words(name)} ${number(n)}`).join(" · ") : "nothing of it is in the log"))),
    total ? curveCharts(told, { signal, chosen }) : null,
    figures(told.figures, wanted.run)];
}
