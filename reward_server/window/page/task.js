// One task through every step and run: who solved it, when.

import { lines } from "./charts.js";
import { h, long, number, plain, show } from "./dom.js";
import { get } from "./source.js";
import { crumbs, link, stepName, table } from "./tables.js";

export async function task(place, id, signal, about) {
  const told = await get("window/api/task", { id });
  if (signal.aborted) return;
  const runs = [...new Set(told.groups.map((group) => group.run))];
  const steps = [...new Set(told.groups.map((group) => group.step))].sort((one, other) => one - other);
  const named = !steps.length || steps[0] < 10000000;
  const means = runs.slice(0, 8).map((run) => {
    const at = new Map(told.groups.filter((group) => group.run === run).map((group) => [group.step, group.mean]));
    return { label: run.slice(0, 40), values: steps.map((step) => at.get(step) ?? null) };
  });
  const alone = steps.length < 2;
  show(place, crumbs(["Runs", "#/runs"], ["task"]), h("h1", {}, told.head ? plain(told.head) : "A task"),
    h("p", { class: "quiet-text" }, plain(told.kind), `: ${number(told.n)} completions, ${number(told.solved)} solved it, ${number(told.nulls)} have no verdict. `, h("a", { href: link("verdict", told.id) }, "the last of them"), about.views.includes("overview") ? [" · ", h("a", { href: `#/overview?task=${told.task}` }, "overview of this task")] : null),
    alone ? null : h("div", { class: "charts" }, lines("Mean reward of this task", named ? steps : steps.map((minute) => minute * 60), means, { signal, time: !named })),
    h("h2", {}, told.groups.length < told.total ? `Groups: the last ${told.groups.length} of ${number(told.total)}` : "Groups"),
    table(["group", "run", "#completions", "#mean reward", "rewards"], told.groups.map((group) => [
      h("a", { href: link("verdict", group.first) }, stepName(group.step, group.step < 10000000)), h("span", {}, long(group.run, plain, 60)), number(group.n), number(group.mean),
      group.low === null ? "none" : group.low === group.high ? number(group.low) : `${number(group.low)} … ${number(group.high)}`]), "Groups"));
}
