// From a reward curve to the failing test: runs, a run's steps, a step's groups, one completion with everything.

import { curveCharts, isNamed } from "./curve.js";
import { copying, h, long, milliseconds, moment, number, pill, plain, show, words } from "./dom.js";
import { get, opened } from "./source.js";
import { curl, python } from "./snippets.js";
import { verdictCard } from "./verdict.js";
import { crumbs, link, stepName, table } from "./tables.js";
import { task } from "./task.js";
import { figures } from "./figures.js";
import { opener } from "./opener.js";

export async function runs(place, { rest, asked, signal, about }) {
  const [what, ...names] = rest;
  if (what === "verdict") return one(place, names[0], signal, about);
  if (what === "step") return step(place, names[0], names[1], signal);
  if (what === "run") return run(place, names[0], asked.get("kind") || "", signal);
  if (what === "task") return task(place, names[0], signal, about);
  if (what === "list") return list(place, asked, signal);
  return all(place, signal, about);
}

async function all(place, signal, about) {
  const own = about.uploads ? opener(about.uploads, signal) : null;
  if (!about.log && !opened && own) { show(place, h("h1", {}, "Runs"), own); return; }
  const { runs: found, progress } = await get("window/api/runs");
  if (signal.aborted) return;
  const behind = progress.total - progress.read > 65536;
  show(place, h("h1", {}, "Runs"),
    behind ? h("p", { class: "notice", role: "status" }, `The log is being indexed: ${Math.floor((100 * progress.read) / progress.total)} % of ${number(progress.total / 1e6)} MB.`) : null,
    found.length ? table(["run", "#steps", "#verdicts", "#mean reward", "last"], found.map((one) => [
      h("a", { href: link("run", one.run) }, long(one.run, plain, 80)), number(one.steps), number(one.verdicts), number(one.mean_reward),
      one.newest ? moment(one.newest * 1000) : "–"]), "Runs")
      : h("p", {}, behind ? "" : "No verdicts in the log yet. Clients name their run by the header X-Reward-Run and its step by X-Reward-Step."),
    found.length ? h("p", {}, h("a", { href: "#/runs/list" }, "all verdicts")) : null, own);
  if (behind) setTimeout(() => { if (!signal.aborted) all(place, signal, about); }, 1500);
}

async function run(place, name, kind, signal) {
  const told = await get("window/api/curve", { run: name, kind });
  if (signal.aborted) return;
  const named = isNamed(told);
  const chosen = (index) => { location.hash = link("step", name, told.step[index]); };
  const kinds = h("select", { id: "of-kind" }, h("option", { value: "" }, "every kind"), told.kinds.map((one) => h("option", { value: one }, one)));
  kinds.value = kind;
  kinds.addEventListener("change", () => { location.hash = `${link("run", name)}${kinds.value ? `?kind=${encodeURIComponent(kinds.value)}` : ""}`; });
  const total = told.n.reduce((sum, n) => sum + n, 0);
  show(place, crumbs(["Runs", "#/runs"], [name]), h("h1", {}, long(name, plain, 100)),
    h("div", { class: "filters" }, h("label", { for: "of-kind" }, "Kind"), kinds, h("a", { href: `#/look?run=${encodeURIComponent(name)}` }, "look here first"), h("a", { href: `#/runs/list?run=${encodeURIComponent(name)}${kind ? `&kind=${encodeURIComponent(kind)}` : ""}` }, "all its verdicts"),
      h("span", { class: "quiet-text" }, `${number(total)} verdicts in ${number(told.step.length)} ${told.width > 1 ? `points of ${told.width} steps` : "steps"}; click a step to see its groups`)),
    curveCharts(told, { signal, chosen }),
    figures(told.figures, name),
    h("h2", {}, "Steps"),
    table(["step", "#verdicts", "#mean reward", "#without reward", "#time each"], told.step.map((at, index) => [h("a", { href: link("step", name, at) }, stepName(at, named)),
      number(told.n[index]), number(told.reward[index]), `${number(100 * told.nulls[index])} %`, milliseconds(told.elapsed_ms[index])]).reverse().slice(0, 300), "Steps"));
}

async function step(place, name, at, signal) {
  const told = await get("window/api/groups", { run: name, step: at });
  if (signal.aborted) return;
  const named = Number(at) < 10000000;
  show(place, crumbs(["Runs", "#/runs"], [name, link("run", name)], [stepName(Number(at), named)]), h("h1", {}, stepName(Number(at), named)),
    h("p", { class: "quiet-text" }, `${number(told.total)} groups; ${number(told.even)} have one and the same reward throughout and teach nothing${told.groups.length < told.total ? `; the first ${told.groups.length} are listed` : ""}.`),
    table(["group", "asked", "kind", "#completions", "#mean reward", "rewards", "advantages", ""], told.groups.map((group, index) => [
      h("a", { href: link("verdict", group.first) }, `group ${index + 1}`), h("span", { class: "head" }, plain(group.head)), plain(group.kind), number(group.n), number(group.mean),
      group.low === null ? "none" : group.low === group.high ? number(group.low) : `${number(group.low)} … ${number(group.high)}`,
      spread(group.advantages),
      group.even ? h("span", { class: "pill no_answer" }, "zero variance") : group.rewarded < group.n ? h("span", { class: "pill undecided" }, `${group.n - group.rewarded} without`) : null]), "Groups"));
}

const signed = (value) => `${value >= 0 ? "+" : "−"}${Math.abs(value).toFixed(2)}`;

// Equal advantages stand once, with how often: most groups have two.
function spread(advantages) {
  if (!advantages) return "–";
  const counts = new Map();
  for (const one of advantages) counts.set(signed(one), (counts.get(signed(one)) || 0) + 1);
  const told = [...counts].map(([value, n]) => (n > 1 ? `${n} × ${value}` : value));
  return h("span", { class: "quiet-text" }, told.length > 6 ? `${told[0]} … ${told[told.length - 1]}` : told.join(", "));
}

async function list(place, asked, signal) {
  const wanted = Object.fromEntries(["run", "step", "kind", "outcome", "signal", "after"].map((name) => [name, asked.get(name)]));
  const told = await get("window/api/verdicts", wanted);
  if (signal.aborted) return;
  const go = (change) => { const next = { ...wanted, after: "", ...change }; location.hash = `#/runs/list?${Object.entries(next).filter(([, value]) => value).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}`; };
  const fields = ["run", "step", "kind", "outcome", "signal"].map((name) => {
    const known = told.names[name];
    const options = known && [...new Set([...known, ...(wanted[name] ? [wanted[name]] : [])])];
    const field = options ? h("select", { id: `filter-${name}` }, h("option", { value: "" }, "every"), options.map((one) => h("option", { value: one }, words(one).slice(0, 60))))
      : h("input", { id: `filter-${name}`, size: 8, inputmode: "numeric", spellcheck: "false" });
    field.value = wanted[name] || "";
    field.addEventListener("change", () => go({ [name]: field.value.trim() }));
    return h("span", { class: "pair" }, h("label", { for: `filter-${name}` }, name), field);
  });
  const after = Number(told.after) + told.verdicts.length;
  show(place, crumbs(["Runs", "#/runs"], ["verdicts"]), h("h1", {}, "Verdicts"), h("div", { class: "filters" }, fields),
    h("p", { class: "quiet-text", role: "status" }, told.total ? `${number(Number(told.after) + 1)} to ${number(after)} of ${number(told.total)}` : "none"),
    table(["verdict", "run", "#step", "kind", "outcome", "#reward", "answer"], told.verdicts.map((row) => [h("a", { href: link("verdict", row.id) }, String(row.id)), long(row.run, plain, 40), String(row.step), plain(row.kind), pill(row.outcome), number(row.reward), h("code", {}, plain(row.answer.slice(0, 80)))]), "Verdicts"),
    h("div", { class: "row" }, Number(told.after) ? h("button", { type: "button", onclick: () => go({ after: String(Math.max(0, told.after - 60)) }) }, "earlier in the list") : null, after < told.total ? h("button", { type: "button", onclick: () => go({ after: String(after) }) }, "more") : null));
}

async function one(place, number_, signal, about) {
  const told = await get("window/api/verdict", { id: number_ });
  if (signal.aborted) return;
  const row = told.record;
  const named = told.step < 10000000;
  const index = told.neighbours.findIndex((other) => other.id === told.id);
  const beside = (by) => told.neighbours[index + by];
  const go = (by) => { if (beside(by)) location.hash = link("verdict", beside(by).id); };
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, textarea, select") || event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key === "j" || event.key === "k") go(event.key === "j" ? 1 : -1);
  }, { signal });
  const body = { items: [{ task: row.task || { kind: "" }, completion: row.completion || "" }] };
  show(place, crumbs(["Runs", "#/runs"], [told.run, link("run", told.run)], [stepName(told.step, named), link("step", told.run, told.step)], [`completion ${index + 1} of ${told.neighbours.length}`]),
    h("h1", { class: "offscreen" }, "Completion"),
    h("div", { class: "one" },
      h("aside", { "aria-label": "Group" }, h("h3", {}, "Group"),
        h("ol", { class: "neighbours" }, told.neighbours.map((other) => h("li", {}, h("a", { href: link("verdict", other.id), "aria-current": other.id === told.id ? "true" : null },
          pill(other.outcome), h("span", { class: "num" }, other.reward === null ? "null" : number(other.reward)), h("span", { class: "num advantage", title: "advantage" }, other.advantage === null ? "–" : signed(other.advantage)))))),
        h("p", { class: "quiet-text" }, told.neighbours.some((other) => other.advantage !== null) ? "reward · advantage; keys j and k" : told.neighbours.length === 1 ? "Alone in its group." : "Zero variance: no advantage anywhere, this group teaches nothing.")),
      h("div", {}, told.signals.length ? h("p", { class: "flags" }, "Look: ", h("b", {}, told.signals.map(words).join(" · "))) : null,
        asking(row),
        h("p", { class: "quiet-text" }, h("a", { href: link("task", told.task) }, "this task in every step and run")),
        verdictCard(row, row.task, row.completion),
        h("div", { class: "row actions" }, row.task ? [copying("copy as curl", () => curl(body)), copying("copy as Python", () => python(body)), copying("copy as test case", () => testCase(row))] : null,
          copying("copy as bug report", () => report(told, about)), copying("copy link", () => location.href), row.request ? h("span", { class: "quiet-text" }, "request ", plain(String(row.request).slice(0, 80))) : null),
        row.task ? h("details", { class: "raw" }, h("summary", {}, "Task as JSON"), h("pre", { tabindex: "0" }, long(JSON.stringify(row.task, null, 2)))) : null)));
}

function asking(row) {
  if (row.prompt === undefined || row.prompt === null) return null;
  const said = typeof row.prompt === "string" ? row.prompt : JSON.stringify(row.prompt, null, 2);
  return h("details", { class: "raw", open: said.length < 600 }, h("summary", {}, "Prompt"), h("pre", { tabindex: "0" }, long(said, plain, 4000)));
}

function testCase(row) {
  return JSON.stringify({ task: row.task, completion: row.completion, outcome: row.outcome, score: row.score });
}

function report(told, about) {
  const { record } = told;
  const { completion, task, ...verdict } = record;
  return [`reward-server ${about.version}, ${record.grader}: the verdict is \`${record.outcome}\`, and should be …`, "", "Task:", "```json", JSON.stringify(task, null, 2), "```", "Completion:", "````", String(completion), "````", "Verdict:", "```json", JSON.stringify(verdict, null, 2), "```"].join("\n");
}

