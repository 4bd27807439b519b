// One verdict with its evidence: what was found where, what it was compared with, which rule decided, test by test.

import { bytes, copying, h, long, milliseconds, number, pill, plain, text, words } from "./dom.js";
import { differences } from "./difference.js";
import { maths, program } from "./typeset.js";

const AROUND = 4000;
const MATHEMATICAL = new Set(["math"]);
const PROGRAMS = new Set(["code", "sql", "output", "edit", "proof"]);

export function verdictCard(verdict, task, completion) {
  const evidence = verdict.evidence || {};
  return h("article", { class: "verdict" },
    heading(verdict),
    reasons(verdict, evidence),
    compared(verdict, task, evidence),
    tests(evidence),
    completion === undefined ? null : located(completion, verdict, task),
    h("details", { class: "raw" }, h("summary", {}, "Verdict as JSON"), h("pre", { tabindex: "0" }, program(JSON.stringify(verdict, null, 2), "json"))));
}

function heading(verdict) {
  const parts = Object.entries(verdict.parts || {});
  return h("div", { class: "heading" },
    pill(verdict.outcome),
    figure("reward", verdict.reward === null ? "null" : number(verdict.reward)),
    figure("score", verdict.score === null ? "null" : number(verdict.score)),
    parts.length > 1 || (parts.length && parts[0][0] !== "accuracy") ? parts.map(([name, value]) => figure(name, number(value))) : null,
    h("span", { class: "quiet-text" }, plain(plainLabel(verdict.grader)), ` · ${milliseconds(verdict.elapsed_ms)}${verdict.cached ? " · cached" : ""}`));
}

function plainLabel(grader) {
  return String(grader || "").slice(0, 60);
}

function figure(name, value) {
  return h("span", { class: "figure" }, h("span", { class: "name" }, plain(words(name).slice(0, 80))), h("b", {}, value));
}

const MEANING = {
  correct: "The answer is right.", partial: "Part of it is right.", incorrect: "The answer is wrong.",
  no_answer: "No answer was found in the completion.", undecided: "The grader cannot tell: no reward, not zero.",
  bad_ground_truth: "The task itself is broken: this says nothing about the completion.",
  ungradable: "A failure of the service: no reward, not zero. Ask again.", time_limit: "The program used more CPU time than it is allowed.",
  memory_limit: "The program used more memory than it is allowed.", output_limit: "The program printed more than it is allowed.",
  compile_error: "The program does not compile.", runtime_error: "The program ended with an error.", violation: "The program did what is forbidden and was ended.",
};

function reasons(verdict, evidence) {
  const lines = [h("p", { class: "meaning" }, MEANING[verdict.outcome] || "", evidence.reason ? [" ", plain(evidence.reason)] : null)];
  const told = [];
  if (evidence.rule) told.push(["found by", words(evidence.rule)]);
  if (evidence.method && evidence.method !== "none") told.push(["decided by", words(evidence.method)]);
  if (evidence.witness) told.push(["witness", sentence(evidence.witness)]);
  for (const [name, value] of Object.entries(evidence)) {
    if (!KNOWN.has(name)) told.push([words(name), sentence(value)]);
  }
  for (const [name, note] of Object.entries(verdict.notes || {})) told.push([`${words(name)} is null`, note]);
  lines.push(h("dl", {}, told.map(([name, value]) => [h("dt", {}, plain(name.slice(0, 80))), h("dd", {}, long(value, plain, 400))])));
  if (evidence.flags && evidence.flags.length) {
    lines.push(h("p", { class: "flags" }, "Signs of cheating: ", evidence.flags.map((flag) => h("code", {}, plain(flag)))));
  }
  return lines;
}

const KNOWN = new Set(["rule", "method", "witness", "reason", "ground_truth", "answer", "failed", "tests", "flags", "passed", "total", "cpu_seconds", "wall_seconds", "memory_bytes"]);

function sentence(value) {
  if (value === null || typeof value !== "object") return String(value);
  if (Array.isArray(value) && value.every((one) => one === null || typeof one !== "object")) return value.join(", ");
  return Object.entries(value).every(([, one]) => one === null || typeof one !== "object")
    ? Object.entries(value).map(([name, one]) => `${words(name)} ${one}`).join(", ") : JSON.stringify(value);
}

function compared(verdict, task, evidence) {
  const kind = task && task.kind;
  const truth = evidence.ground_truth !== undefined ? evidence.ground_truth : task && task.ground_truth;
  const answer = verdict.answer;
  if (truth === undefined && (answer === null || answer === undefined)) return null;
  const drawn = (value) => {
    if (value === null || value === undefined) return h("em", { class: "quiet-text" }, "none");
    if (MATHEMATICAL.has(kind) && typeof value === "string") return h("span", {}, maths(value), h("code", { class: "source" }, long(value, plain, 300)));
    if (PROGRAMS.has(kind)) return h("pre", { tabindex: "0" }, program(text(value), (task && task.language) || (kind === "sql" ? "sql" : "python")));
    return h("span", { class: "value" }, long(text(value), plain, 2000));
  };
  return h("div", { class: "compared" },
    truth === undefined || (evidence.tests || evidence.failed) ? null : h("section", {}, h("h3", {}, "Ground truth"), h("div", { class: "box" }, drawn(truth))),
    h("section", {}, h("h3", {}, "Answer found"), h("div", { class: `box ${verdict.score === 1 ? "right" : verdict.score === null ? "" : "wrong"}` }, drawn(answer))));
}

function tests(evidence) {
  const failed = new Map((evidence.failed || []).map((one) => [one.test, one]));
  if (evidence.total === undefined || (!evidence.failed && !evidence.tests)) return null;
  const listed = evidence.tests || (evidence.failed.length ? evidence.failed : [{ test: "1", outcome: "correct", cpu_seconds: evidence.cpu_seconds, memory_bytes: evidence.memory_bytes }]);
  const rows = [...listed].sort((one, other) => String(one.test).localeCompare(String(other.test), "en", { numeric: true }));
  return h("section", {}, h("h3", {}, `Tests: ${evidence.passed} of ${evidence.total} passed`, rows.length < evidence.total ? `, ${rows.length} listed` : ""),
    h("div", { class: "scroll", tabindex: "0" }, h("table", {},
      h("thead", {}, h("tr", {}, ["test", "outcome", "CPU", "memory", "expected → got"].map((name, index) => h("th", { scope: "col", class: index === 2 || index === 3 ? "num" : "" }, name)))),
      h("tbody", {}, rows.map((row) => {
        const more = failed.get(row.test) || {};
        return h("tr", {}, h("td", {}, plain(String(row.test).slice(0, 80))), h("td", {}, pill(row.outcome)),
          h("td", { class: "num" }, row.cpu_seconds === undefined ? "–" : milliseconds(row.cpu_seconds * 1000)), h("td", { class: "num" }, bytes(row.memory_bytes)),
          h("td", {}, more.detail ? h("div", { class: "detail" }, long(more.detail, plain, 600)) : null,
            more.expected !== undefined || more.got !== undefined ? differences(more.expected, more.got) : null));
      })))));
}

// The answer in its place: the last occurrence counts, as it does for the graders.
export function placeOf(completion, answer) {
  if (!answer) return null;
  const boxed = completion.lastIndexOf(`{${answer}}`);
  const at = boxed >= 0 ? boxed + 1 : completion.lastIndexOf(answer);
  if (at >= 0) return [at, at + answer.length];
  const trimmed = answer.trim();
  const again = trimmed ? completion.lastIndexOf(trimmed) : -1;
  return again >= 0 ? [again, again + trimmed.length] : null;
}

export function located(completion, verdict, task) {
  const place = placeOf(completion, verdict.answer);
  const nodes = [];
  if (place === null) nodes.push(...long(completion));
  else {
    const from = Math.max(0, place[0] - AROUND);
    const shown = completion.slice(place[0], place[1]);
    if (from > 0) nodes.push(h("details", { class: "before" }, h("summary", {}, `${from.toLocaleString("en")} characters before`), long(completion.slice(0, from))));
    nodes.push(...plain(completion.slice(from, place[0])), h("mark", {}, long(shown, plain, AROUND * 2)), ...long(completion.slice(place[1]), plain, AROUND));
  }
  return h("section", {}, h("h3", {}, "Completion", place === null ? null : h("span", { class: "quiet-text" }, " · the answer is marked"), copying("copy", () => completion)),
    h("pre", { class: "completion", tabindex: "0", "aria-label": "Completion" }, nodes));
}
