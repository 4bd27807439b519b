// Try a task: edited live, graded as it is typed, with the evidence and the same request elsewhere.

import { copying, h, plain, show } from "./dom.js";
import { get, post } from "./source.js";
import { snippets } from "./snippets.js";
import { verdictCard } from "./verdict.js";
import { pack, unpack } from "./sharing.js";
import { anotherTest, testEditor } from "./tests.js";

const PAUSE = 350;
const LANGUAGES = ["python", "cpp", "c", "java", "javascript", "typescript", "go", "rust", "ruby", "php", "kotlin", "csharp", "bash", "haskell", "lua", "perl", "r", "scala", "swift", "julia"];
const ROOM = 2 << 20;

export async function playground(place, { asked, signal }) {
  const [graders, plugs] = await Promise.all([get("graders"), get("window/api/plugs")]);
  const state = { graders, plugs, signal, timer: 0, running: null };
  const fields = (state.fields = drawn(state));
  show(place, h("h1", { class: "offscreen" }, "Playground"), h("div", { class: "playground" }, fields.input, fields.output));
  signal.addEventListener("abort", () => clearTimeout(state.timer));
  const shared = asked.get("x");
  const taken = shared ? await unpack(shared).catch(() => null) : null;
  if (shared && taken === null) show(fields.notice, "The shared link is damaged: it is left out.");
  if (taken) fill(state, taken.task, taken.completion, taken.rewards);
  else choose(state, asked.get("kind") in graders ? asked.get("kind") : "math", Number(asked.get("example")) || 0);
}

function drawn(state) {
  const kinds = h("select", { id: "kind" }, Object.keys(state.graders).map((kind) => h("option", { value: kind }, kind)));
  const examples = h("select", { id: "example" });
  const language = h("select", { id: "language" }, LANGUAGES.map((name) => h("option", { value: name }, name)));
  const languages = h("span", { class: "pair", hidden: true }, h("label", { for: "language" }, "Language"), language);
  const task = h("textarea", { id: "task", spellcheck: "false", rows: 9, maxlength: ROOM });
  const completion = h("textarea", { id: "completion", spellcheck: "false", rows: 12, maxlength: ROOM });
  const rewards = h("input", { id: "rewards", spellcheck: "false", placeholder: '{"accuracy": 1, "format": 1}' });
  const adding = h("button", { type: "button", class: "quiet", hidden: true }, "add a test");
  const tests = testEditor((changed) => { rewrite(state, (asked) => { asked.tests = changed; }); later(state); });
  const notice = h("p", { class: "notice", role: "status" });
  const verdict = h("div", { class: "live", "aria-live": "polite" });
  const elsewhere = h("div", {});
  const share = copying("copy link", async () => {
    const packed = await pack({ task: task.value, completion: completion.value, rewards: rewards.value });
    history.replaceState(null, "", `#/playground?x=${packed}`);
    return location.href;
  });
  kinds.addEventListener("change", () => choose(state, kinds.value, 0));
  examples.addEventListener("change", () => choose(state, kinds.value, Number(examples.value)));
  language.addEventListener("change", () => edit(state, (asked) => { asked.language = language.value; }));
  adding.addEventListener("click", () => edit(state, (asked) => { asked.tests = anotherTest(asked.tests); }));
  for (const field of [task, completion, rewards]) field.addEventListener("input", () => later(state));
  const input = h("section", { class: "input", "aria-label": "Task and completion" },
    h("div", { class: "row" }, h("span", { class: "pair" }, h("label", { for: "kind" }, "Kind"), kinds), h("span", { class: "pair" }, h("label", { for: "example" }, "Example"), examples), languages, h("span", { class: "grow" }), share),
    h("div", { class: "labelled" }, h("label", { for: "task" }, "Task, or a row of a data set"), adding), task, tests,
    h("label", { for: "completion" }, "Completion"), completion,
    h("label", { for: "rewards" }, "Reward parts"), rewards, notice);
  return { input, output: h("section", { class: "output", "aria-label": "Verdict" }, verdict, elsewhere), kinds, examples, language, languages, adding, tests, task, completion, rewards, notice, verdict, elsewhere };
}

function choose(state, kind, number) {
  const { fields, graders } = state;
  const examples = graders[kind].examples;
  fields.kinds.value = kind;
  show(fields.examples, examples.map((one, index) => h("option", { value: index }, `${index + 1} · ${one.outcome.replaceAll("_", " ")}`)));
  const example = examples[number] || examples[0];
  fields.examples.value = String(examples.indexOf(example));
  fill(state, JSON.stringify({ kind, ...example.task }, null, 2), example.completion, "");
}

function fill(state, task, completion, rewards) {
  const { fields } = state;
  fields.task.value = task || "";
  fields.completion.value = completion || "";
  fields.rewards.value = rewards || "";
  grade(state);
}

function edit(state, change) {
  rewrite(state, change);
  grade(state);
}

function rewrite(state, change) {
  try {
    const asked = JSON.parse(state.fields.task.value);
    change(asked);
    state.fields.task.value = JSON.stringify(asked, null, 2);
  } catch { /* the notice says what is wrong with it */ }
}

function later(state) {
  clearTimeout(state.timer);
  state.timer = setTimeout(() => grade(state), PAUSE);
}

// What is sent: a task as it stands, or a row where no kind is named.
function request(fields) {
  const pasted = JSON.parse(fields.task.value);
  if (pasted === null || typeof pasted !== "object") throw new SyntaxError("a task is an object");
  const task = Array.isArray(pasted) || !("kind" in pasted || "row" in pasted) ? { row: pasted } : pasted;
  const body = { items: [{ task, completion: fields.completion.value }] };
  if (fields.rewards.value.trim()) body.rewards = JSON.parse(fields.rewards.value);
  return body;
}

async function grade(state) {
  const { fields, signal } = state;
  if (state.running) state.running.abort();
  const running = (state.running = new AbortController());
  signal.addEventListener("abort", () => running.abort());
  let body;
  try {
    body = request(fields);
  } catch (error) {
    show(fields.notice, `Not JSON yet: ${error.message}`);
    return;
  }
  const { task } = body.items[0];
  if (task.kind in state.graders) fields.kinds.value = task.kind;
  fields.languages.hidden = fields.adding.hidden = task.kind !== "code";
  fields.language.value = task.language || "python";
  fields.tests.draw(task.kind === "code" ? task.tests : null);
  show(fields.notice, "row" in task ? "Read as a row of a data set." : "");
  show(fields.elsewhere, snippets(body, state.plugs));
  fields.verdict.setAttribute("aria-busy", "true");
  try {
    const answer = await post("score", body, running.signal);
    show(fields.verdict, verdictCard(answer.verdicts[0], task, fields.completion.value));
  } catch (error) {
    if (running.signal.aborted) return;
    if (error.status === 401) throw error;
    const problems = (error.problems || []).map((one) => h("li", {}, h("code", {}, plain(one.field)), " ", plain(one.message)));
    show(fields.verdict, h("div", { class: "problem" }, h("p", {}, plain(error.message)), h("ul", {}, problems)));
  } finally {
    if (!running.signal.aborted) fields.verdict.removeAttribute("aria-busy");
  }
}
