// What was graded, over steps: of a run, a kind of it, or one task.

import { lines, OUTCOME_COLOURS } from "./charts.js";
import { h, words } from "./dom.js";

const FIRST_MINUTE = 10000000;

// Steps are numbers that a client gave, or minutes since 1970 where it gave none.
export const isNamed = (told) => !told.step.length || told.step[0] < FIRST_MINUTE;

export function curveCharts(told, { signal, chosen }) {
  const time = !isNamed(told);
  const x = time ? told.step.map((minute) => minute * 60) : told.step;
  const parts = Object.entries(told.parts).map(([label, values]) => ({ label: words(label), values }));
  const outcomes = Object.entries(told.outcomes).map(([label, values]) => ({ label: words(label), values: values.map((n, index) => n / told.n[index]), colour: OUTCOME_COLOURS[label] }));
  return h("div", { class: "charts" },
    lines("Mean reward", x, [{ label: "reward", values: told.reward }], { signal, chosen, time, height: 240 }),
    lines("Outcomes, shares", x, outcomes, { signal, chosen, time, height: 240, low: 0, high: 1 }),
    parts.length ? lines("Reward parts, means", x, parts, { signal, chosen, time }) : null,
    lines("Without a reward, share", x, [{ label: "null", values: told.nulls, colour: "--odd" }], { signal, chosen, time, low: 0, high: 0.01 }));
}
