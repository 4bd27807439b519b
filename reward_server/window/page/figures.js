// What a run amounts to: time of an item by kind, share from the cache, why there was no verdict.

import { h, milliseconds, number, plain, words } from "./dom.js";
import { link, table } from "./tables.js";

export function figures(told, run) {
  const times = Object.entries(told.milliseconds);
  const listed = (row) => `#/runs/list?run=${encodeURIComponent(run)}&kind=${encodeURIComponent(row.kind)}&outcome=${encodeURIComponent(row.outcome)}`;
  return h("div", { class: "halves" },
    h("section", {}, h("h2", {}, "Time of an item"), h("p", { class: "quiet-text" }, told.cached_share === null ? "" : `${number(100 * told.cached_share)} % came from the cache.`),
      table(["kind", "#p50", "#p95", "#p99", "#count"], times.map(([kind, at]) => [plain(kind), ...["p50", "p95", "p99"].map((name) => milliseconds(at[name])), number(at.n)]), "Time of an item")),
    h("section", {}, h("h2", {}, "Without a verdict, by cause"),
      told.causes.length ? table(["kind", "outcome", "cause", "#count", ""], told.causes.map((row) => [plain(row.kind), h("a", { href: listed(row) }, plain(words(row.outcome))), plain(words(row.cause)), number(row.n), h("a", { href: link("verdict", row.id) }, "the last")]), "Without a verdict, by cause")
        : h("p", { class: "quiet-text" }, "None.")));
}
