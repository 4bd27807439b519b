// The tests of a program, edited one by one beside the task's JSON, which stays what is sent.

import { h, show } from "./dom.js";

const MOST = 30;

// How tests are written: pairs of texts, or texts; null where they are in another form, which is edited as JSON.
function fieldsOf(tests) {
  if (!Array.isArray(tests) || !tests.length || tests.length > MOST) return null;
  if (tests.every((one) => typeof one === "string")) return [""];
  const pair = [["stdin", "stdout"], ["input", "output"]].find((names) => tests.every((one) => one && typeof one === "object" && names.every((name) => typeof one[name] === "string")));
  return pair || null;
}

// `change(tests)` is called with what the tests are now.
export function testEditor(change) {
  const place = h("div", { class: "tests" });
  let drawn = "";
  let now = [];
  const field = (index, name, rows) => {
    const label = name ? `test ${index + 1}, ${name}` : `test ${index + 1}`;
    const area = h("textarea", { "aria-label": label, title: label, rows, spellcheck: "false", value: name ? now[index][name] : now[index] });
    area.addEventListener("input", () => {
      now = now.map((one, other) => (other !== index ? one : name ? { ...one, [name]: area.value } : area.value));
      drawn = written(now);
      change(now);
    });
    return area;
  };
  const written = (tests) => JSON.stringify(tests);
  place.draw = (tests) => {
    const names = fieldsOf(tests);
    place.hidden = names === null;
    if (names === null || written(tests) === drawn) return;
    now = tests;
    drawn = written(tests);
    show(place, h("h3", {}, "Tests", names[0] ? h("span", { class: "quiet-text" }, ` · ${names.join(" → ")}`) : null), h("ol", {}, tests.map((_, index) => h("li", {},
      names.map((name) => field(index, name, name ? 2 : 1)),
      h("button", { type: "button", class: "quiet", "aria-label": `remove test ${index + 1}`, disabled: tests.length === 1, onclick: () => { const left = now.filter((one, other) => other !== index); change(left); place.draw(left); } }, "✕")))));
  };
  return place;
}

// One more test in the form of those that are there.
export function anotherTest(tests) {
  const names = fieldsOf(tests);
  if (names === null) return tests === undefined || tests === null || (Array.isArray(tests) && !tests.length) ? [{ stdin: "", stdout: "" }] : tests;
  return [...tests, names[0] === "" ? "assert True" : Object.fromEntries(names.map((name) => [name, ""]))];
}
