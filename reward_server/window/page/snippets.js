// The same request elsewhere: curl, Python, and the lines of each trainer.

import { copying, h, plain, show } from "./dom.js";
import { isReport, token } from "./source.js";

export function address() {
  return isReport || location.protocol === "file:" ? "http://127.0.0.1:8000" : new URL(".", location.href).href.replace(/\/$/, "");
}

export function curl(body) {
  const quoted = JSON.stringify(body).replaceAll("'", "'\\''");
  const key = token() ? ` -H "Authorization: Bearer $REWARD_API_TOKEN"` : "";
  return `curl -s ${address()}/score -H 'content-type: application/json'${key} -d '${quoted}'`;
}

export function python(body) {
  const item = body.items[0];
  const rewards = body.rewards ? `, rewards=json.loads(${literal(JSON.stringify(body.rewards))})` : "";
  return ["import json", "", "from trainer_client import RewardClient, pair", "",
    `task = json.loads(${literal(JSON.stringify(item.task))})`, `completion = ${literal(item.completion)}`,
    `with RewardClient("${address()}"${rewards}) as client:`, "    print(client.score(pair([task], [completion]))[0])"].join("\n");
}

// JSON's strings are Python's, but for what stands outside the basic plane, which JSON writes as it is.
function literal(text) {
  return JSON.stringify(text).replaceAll("\u007f", "\\u007f");
}

export function snippets(body, plugs) {
  const shown = h("pre", { tabindex: "0" });
  const trainer = h("select", { "aria-label": "Trainer" }, plugs.map((plug) => h("option", { value: plug.name }, plug.title)));
  const lines = { curl: () => curl(body), Python: () => python(body), trainer: () => (plugs.find((plug) => plug.name === trainer.value) || { lines: "" }).lines };
  let current = "curl";
  const tabs = h("div", { class: "tabs", role: "group", "aria-label": "The same elsewhere" });
  const draw = (name) => {
    current = name;
    for (const button of tabs.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.name === name));
    trainer.hidden = name !== "trainer";
    const text = lines[name]().replaceAll("http://127.0.0.1:8000", address());
    show(shown, plain(text.length > 6000 ? `${text.slice(0, 6000)}\n… copied whole` : text));
  };
  for (const name of plugs.length ? ["curl", "Python", "trainer"] : ["curl", "Python"]) {
    tabs.append(h("button", { type: "button", "data-name": name, onclick: () => draw(name) }, name === "trainer" ? "in a trainer" : name));
  }
  trainer.addEventListener("change", () => draw("trainer"));
  tabs.append(trainer, h("span", { class: "grow" }), copying("copy", () => lines[current]().replaceAll("http://127.0.0.1:8000", address())));
  const part = h("section", { class: "elsewhere" }, h("h3", {}, "The same elsewhere"), tabs, shown);
  draw("curl");
  return part;
}
