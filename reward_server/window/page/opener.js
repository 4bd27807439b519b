// A log or a trainer's journal of this machine, opened through the page; what is sent is only ever read as lines.

import { h, number, show } from "./dom.js";
import { closeLog, openLog } from "./source.js";

const LOOKED_AT = 2;

export function opener(most, signal) {
  const field = h("input", { type: "file", id: "opened", accept: ".jsonl,.ndjson,.json,.log" });
  const status = h("p", { class: "quiet-text", role: "status" }, `JSON lines: an audit log, the output of score, or the samples.jsonl of a trainer's run; up to ${number(most / (1 << 20), LOOKED_AT)} MiB.`);
  const place = h("section", { class: "opener", "aria-label": "Open a log" }, h("label", { for: "opened" }, "Open a log or a journal"), field, status);
  const send = async (file) => {
    if (!file) return;
    if (file.size > most) { show(status, `${file.name} is larger than the ${number(most / (1 << 20), LOOKED_AT)} MiB that are taken: reward-server view PATH shows it.`); return; }
    show(status, `sending ${file.name}, ${number(file.size / 1e6)} MB …`);
    field.disabled = true;
    try {
      const { log } = await openLog(file, signal);
      location.href = `?log=${log}#/runs`;
    } catch (error) {
      if (!signal.aborted) show(status, error.message);
      field.value = "";
    } finally {
      field.disabled = false;
    }
  };
  field.addEventListener("change", () => send(field.files[0]));
  place.addEventListener("dragover", (event) => { event.preventDefault(); place.classList.add("over"); });
  place.addEventListener("dragleave", () => place.classList.remove("over"));
  place.addEventListener("drop", (event) => { event.preventDefault(); place.classList.remove("over"); send(event.dataTransfer.files[0]); });
  return place;
}

export async function close() {
  try { await closeLog(); } catch { /* it is gone already */ }
  location.href = `${location.pathname}#/runs`;
}
