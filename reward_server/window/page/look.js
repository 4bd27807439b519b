// Where a person should look first.

import { lines, shares } from "./charts.js";
import { h, number, plain, show, words } from "./dom.js";
import { get, opened } from "./source.js";
import { link, table } from "./tables.js";

const SETS = {
  nobody: ["Nobody solves", "Too hard, or the ground truth is wrong: no group of these teaches anything."],
  everybody: ["Everybody solves", "Nothing left to learn, or a check that anything passes."],
  breaks: ["No verdict, again and again", "A broken task, a checker that breaks, or a failure of the service."],
};

export async function look(place, { asked, signal, about }) {
  if (about.log === false && !opened) { show(place, h("h1", {}, "Look here first"), h("p", {}, "No log is kept here. ", h("a", { href: "#/runs" }, "Open one"), ".")); return; }
  const run = asked.get("run") || "";
  const [told, { runs }] = await Promise.all([get("window/api/look", { run }), get("window/api/runs")]);
  if (signal.aborted) return;
  const narrowed = h("select", { id: "of-run" }, h("option", { value: "" }, "every run"), runs.map((one) => h("option", { value: one.run }, one.run.slice(0, 80))));
  narrowed.value = run;
  narrowed.addEventListener("change", () => { location.hash = narrowed.value ? `#/look?run=${encodeURIComponent(narrowed.value)}` : "#/look"; });
  show(place, h("h1", {}, "Look here first"), h("div", { class: "filters" }, h("label", { for: "of-run" }, "Run"), narrowed),
    h("div", { class: "tiles" }, told.signals.map((one) => h("section", { class: `tile ${one.n ? "" : "none"}`, "aria-label": words(one.signal) },
      h("h2", {}, words(one.signal), " ", h("b", {}, number(one.n))), h("p", {}, one.meaning),
      one.n ? [shares(one.kinds), h("p", { class: "quiet-text" }, plain(Object.entries(one.kinds).map(([kind, n]) => `${kind} ${number(n)}`).join(" · "))),
        h("a", { "aria-label": `show them: ${words(one.signal)}`, href: `#/runs/list?signal=${one.signal}${run ? `&run=${encodeURIComponent(run)}` : ""}` }, "show them")] : null))),
    over(told.over, signal),
    Object.entries(SETS).map(([name, [title, meaning]]) => h("section", {}, h("h2", {}, title, told.tasks[name].length === 40 ? ": the first 40" : `: ${told.tasks[name].length}`), h("p", { class: "quiet-text" }, meaning),
      told.tasks[name].length ? table(["task", "kind", "#completions", "#solved", "#without a verdict"], told.tasks[name].map((task) => [h("a", { class: "head", href: link("task", task.task) }, task.head ? plain(task.head) : "task"), plain(task.kind), number(task.n), number(task.solved), number(task.nulls)]), title) : null)));
}

// Over the steps of one run; steps of several runs are not the same steps.
function over(told, signal) {
  if (!told) return h("p", { class: "quiet-text" }, "Choose a run to see signals and signs of cheating over its steps.");
  const named = !told.step.length || told.step[0] < 10000000;
  const x = named ? told.step : told.step.map((minute) => minute * 60);
  const drawn = (title, columns) => {
    const series = Object.entries(columns).map(([label, values]) => ({ label: words(label), values }));
    return series.length && x.length > 1 ? lines(title, x, series, { signal, time: !named, low: 0, chosen: undefined }) : null;
  };
  return h("div", { class: "charts" }, drawn(told.width > 1 ? `Signals, by ${told.width} steps` : "Signals by step", told.signals), drawn("Signs of cheating by kind", told.cheating));
}
