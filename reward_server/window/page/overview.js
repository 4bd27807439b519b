// What the service does now: rates and quantiles of the differences between two looks.

import { lines, OUTCOME_COLOURS, shares } from "./charts.js";
import { h, milliseconds, number, show, words } from "./dom.js";
import { narrowed, narrowing } from "./narrowed.js";
import { events, get, opened } from "./source.js";

const KEPT = 300;
const SPAN = 60;
const OVER = 10;
const SOON = 0.6;
const LEVELS = { 0: "0: resource limits alone", 1: "1: Landlock and seccomp", 2: "2: containers", 3: "3: namespaces" };

export async function overview(place, { signal, about, asked }) {
  const wanted = { run: asked.get("run") || "", kind: asked.get("kind") || "", task: asked.get("task") || "" };
  const go = (next) => { location.hash = `#/overview?${Object.entries(next).filter(([, value]) => value).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}`; };
  const runs = about.views.includes("runs") && (about.log || opened) ? (await get("window/api/runs").catch(() => ({ runs: [] }))).runs.map((one) => one.run) : [];
  if (signal.aborted) return;
  if (wanted.run || wanted.task) { await narrowed(place, wanted, runs, go, signal); return; }
  const state = { seen: [], kind: wanted.kind, charts: null, drawn: "" };
  const frame = framed(state, signal, about, runs.length ? narrowing(wanted, runs, [], (next) => go({ ...next, kind: state.kind }))[0] : null);
  show(place, frame.whole);
  for (;;) {
    try {
      await events("window/api/live", signal, (told) => { take(state, told); draw(state, frame, signal); });
    } catch (error) {
      if (signal.aborted) return;
      if (error.status) throw error;
      show(frame.status, "The service does not answer; asking again.");
    }
    await new Promise((resolve) => { setTimeout(resolve, 300); });
    if (signal.aborted) return;
  }
}

function framed(state, signal, about, ofRun) {
  const kind = h("select", { id: "narrow" }, h("option", { value: "" }, "every kind"));
  const parts = { status: h("span", { class: "quiet-text", role: "status" }), tiles: h("div", { class: "tiles small" }), charts: h("div", { class: "charts" }), latency: h("div", {}), nulls: h("div", {}), kind };
  kind.addEventListener("change", () => { state.kind = kind.value; state.drawn = ""; draw(state, parts, signal); });
  parts.whole = h("div", {}, h("h1", {}, "Overview"), h("div", { class: "filters" }, ofRun, h("label", { for: "narrow" }, "Kind"), kind, parts.status),
    parts.tiles, parts.charts, (parts.below = h("div", { class: "halves", hidden: true }, h("section", {}, h("h2", {}, "Latency by stage"), parts.latency), h("section", {}, h("h2", {}, "Without a verdict, by cause"), parts.nulls))));
  parts.about = about;
  return parts;
}

function take(state, told) {
  const last = state.seen[state.seen.length - 1];
  if (last && told.time - last.time < SOON) state.seen.pop(); // asked anew: a rate of so short a time is a spike
  state.seen.push(told);
  if (state.seen.length > KEPT) state.seen.shift();
}

const kindOf = (grader) => String(grader).split("/")[0];

function counts(told, kind, by) {
  const found = {};
  for (const [grader, outcome, cached, n] of told.verdicts) {
    if (kind && kindOf(grader) !== kind) continue;
    const name = by === "outcome" ? outcome : by === "kind" ? kindOf(grader) : by === "cached" ? cached : "all";
    found[name] = (found[name] || 0) + n;
  }
  return found;
}

// Of each reward part: how many were given, and their sum.
function partsOf(told, kind) {
  const found = {};
  for (const [grader, part, n, total] of told.parts) {
    if (kind && kindOf(grader) !== kind) continue;
    const sums = (found[part] ||= [0, 0]);
    sums[0] += n;
    sums[1] += total;
  }
  return found;
}

const differ = (now, before) => Object.fromEntries(Object.entries(now).map(([name, n]) => [name, n - (before[name] || 0)]));
const sum = (values) => Object.values(values).reduce((total, one) => total + one, 0);

function quantile(now, before, share) {
  const grown = now.map(([bound, n], index) => [bound, n - (before && before[index] ? before[index][1] : 0)]);
  const total = grown.length ? grown[grown.length - 1][1] : 0;
  if (!total) return null;
  let last = 0;
  let lower = 0;
  for (const [bound, n] of grown) {
    if (n >= share * total) return bound < 0 ? last : lower + (bound - lower) * ((share * total - lastCount(grown, bound)) / Math.max(1, n - lastCount(grown, bound)));
    last = bound;
    lower = bound;
  }
  return last;
}

function lastCount(grown, bound) {
  const at = grown.findIndex(([one]) => one === bound);
  return at > 0 ? grown[at - 1][1] : 0;
}

function draw(state, frame, signal) {
  const now = state.seen[state.seen.length - 1];
  if (!now) return;
  const before = state.seen[Math.max(0, state.seen.length - 1 - SPAN)];
  const seconds = Math.max(1e-3, now.time - before.time);
  const kinds = Object.keys(counts(now, "", "kind")).sort();
  if (frame.kind.options.length !== kinds.length + 1) {
    show(frame.kind, h("option", { value: "" }, "every kind"), kinds.map((one) => h("option", { value: one }, one)));
    frame.kind.value = state.kind;
  }
  show(frame.status, `the last ${Math.round(seconds)} s`);
  const grown = differ(counts(now, state.kind, "outcome"), counts(before, state.kind, "outcome"));
  const cached = differ(counts(now, state.kind, "cached"), counts(before, state.kind, "cached"));
  const total = sum(counts(now, state.kind, "all"));
  tiles(state, frame, now, { rate: sum(grown) / seconds, hits: sum(cached) ? (cached.true || 0) / sum(cached) : null, total });
  charts(state, frame, signal);
  latency(frame, now, before);
  nulls(state, frame, now);
  frame.below.hidden = false;
}

function tile(name, value, note) {
  return h("div", { class: "tile" }, h("span", { class: "name" }, name), h("b", {}, value), note ? h("span", { class: "quiet-text" }, note) : null);
}

function tiles(state, frame, now, { rate, hits, total }) {
  const { figures } = now;
  const sung = Object.fromEntries(now.canaries || []);
  const canaries = sung.passed || sung.failed ? { passed: sung.passed || 0, failed: sung.failed || 0 } : null;
  const lacking = Object.entries(now.state.lacking);
  const outcomes = counts(now, state.kind, "outcome");
  show(frame.tiles,
    tile("verdicts/s", number(rate)), tile("verdicts", number(total), "since the start"), tile("cache hits", hits === null ? "–" : `${number(100 * hits)} %`, `${now.state.cache.backend}${now.state.cache.reachable ? "" : ", out of reach"}`),
    tile("queue", `${number(figures.queued_cpu_seconds)} s`, "estimated CPU time"),
    tile("slots", figures.sandbox_slots_live === undefined ? "none" : `${figures.sandbox_slots_busy} of ${figures.sandbox_slots_live}`, figures.sandbox_slots_live === undefined ? "" : figures.sandbox_slots_waiting ? `${figures.sandbox_slots_waiting} waiting` : "busy"),
    tile("canaries", canaries === null ? "none" : canaries.failed ? `${number(canaries.failed)} failed` : number(canaries.passed), canaries === null ? "" : canaries.failed ? `of ${number(canaries.failed + canaries.passed)}` : "passed"),
    tile("isolation", now.state.isolation_level === null || now.state.isolation_level === undefined ? "none" : LEVELS[now.state.isolation_level] || String(now.state.isolation_level), now.state.launcher),
    tile("version", frame.about.version, now.state.ready ? "ready" : "not ready"),
    h("div", { class: "tile wide" }, h("span", { class: "name" }, "outcomes since the start"), total ? shares(outcomes, OUTCOME_COLOURS) : null,
      h("span", { class: "quiet-text" }, total ? Object.entries(outcomes).sort(([, one], [, other]) => other - one).map(([name, n]) => `${words(name)} ${number(n)}`).join(" · ") : "nothing graded yet: try the playground")),
    lacking.length ? h("div", { class: "tile wide" }, h("span", { class: "name" }, "not served"), h("span", {}, [...new Set(lacking.map(([, reason]) => reason))].map((reason) => `${lacking.filter(([, other]) => other === reason).map(([kind]) => kind).join(", ")}: ${reason}`).join(" · "))) : null);
}

function charts(state, frame, signal) {
  const names = Object.keys(counts(state.seen[state.seen.length - 1], state.kind, "outcome")).sort();
  const x = state.seen.slice(1).map((told) => told.time);
  const rates = (name) => state.seen.slice(1).map((told, index) => {
    const earlier = state.seen[index];
    const read = (one) => (name ? counts(one, state.kind, "outcome")[name] || 0 : sum(counts(one, state.kind, "all")));
    return (read(told) - read(earlier)) / Math.max(1e-3, told.time - earlier.time);
  });
  const parts = Object.keys(partsOf(state.seen[state.seen.length - 1], state.kind)).sort();
  const means = parts.map((name) => state.seen.slice(1).map((told, index) => {
    const [n, total] = partsOf(told, state.kind)[name] || [0, 0];
    const [earlier, before] = partsOf(state.seen[Math.max(0, index + 1 - OVER)], state.kind)[name] || [0, 0];
    return n > earlier ? (total - before) / (n - earlier) : null;
  }));
  const key = `${state.kind}|${names.join()}|${parts.join()}`;
  const values = [[rates("")], names.map(rates), means];
  if (state.drawn !== key) {
    state.drawn = key;
    show(frame.charts, lines("Verdicts per second", x, [{ label: "verdicts/s", values: values[0][0] }], { signal, time: true, low: 0, height: 180 }),
      names.length ? lines("Outcomes per second", x, names.map((name, index) => ({ label: words(name), values: values[1][index], colour: OUTCOME_COLOURS[name] })), { signal, time: true, low: 0, height: 180 }) : null,
      parts.length ? lines(`Reward parts, means over ${OVER} s`, x, parts.map((name, index) => ({ label: words(name), values: means[index] })), { signal, time: true, height: 180 }) : null);
    return;
  }
  [...frame.charts.querySelectorAll(".chart")].forEach((chart, index) => chart.update(x, values[index]));
}

function latency(frame, now, before) {
  const rows = Object.entries({ ...now.stages }).map(([stage, buckets]) => [stage, buckets, before.stages[stage]]);
  for (const [grader, buckets] of Object.entries(now.grading)) rows.push([`whole item, ${grader}`, buckets, before.grading[grader]]);
  const told = rows.filter(([, buckets]) => buckets.length && buckets[buckets.length - 1][1]);
  show(frame.latency, h("div", { class: "scroll", tabindex: "0" }, h("table", {}, h("thead", {}, h("tr", {}, ["stage", "p50", "p95", "p99", "count"].map((name, index) => h("th", { scope: "col", class: index ? "num" : "" }, name)))),
    h("tbody", {}, told.map(([stage, buckets, earlier]) => h("tr", {}, h("td", {}, words(stage)), [0.5, 0.95, 0.99].map((share) => { const value = quantile(buckets, earlier, share) ?? quantile(buckets, null, share); return h("td", { class: "num" }, value === null ? "–" : milliseconds(value * 1000)); }), h("td", { class: "num" }, number(buckets[buckets.length - 1][1]))))))));
}

function nulls(state, frame, now) {
  const rows = now.nulls.filter(([grader]) => !state.kind || kindOf(grader) === state.kind);
  show(frame.nulls, rows.length ? h("table", {}, h("thead", {}, h("tr", {}, ["kind", "outcome", "cause", "count"].map((name, index) => h("th", { scope: "col", class: index === 3 ? "num" : "" }, name)))),
    h("tbody", {}, rows.map(([grader, outcome, cause, n]) => h("tr", {}, h("td", {}, kindOf(grader)), h("td", {}, words(outcome)), h("td", {}, words(cause)), h("td", { class: "num" }, number(n)))))) : h("p", { class: "quiet-text" }, "None."));
}
