// The frame: which view is open, the token, light or dark.

import { h, show } from "./dom.js";
import { get, isReport, keepToken, opened, token } from "./source.js";
import { close } from "./opener.js";
import { playground } from "./playground.js";
import { overview } from "./overview.js";
import { runs } from "./runs.js";
import { look } from "./look.js";

const VIEWS = { playground: ["Playground", playground], overview: ["Overview", overview], runs: ["Runs", runs], look: ["Look here first", look] };
const view = document.getElementById("view");
const bar = document.getElementById("bar");
let about = { views: [], version: "", token: false };
let leave = null;

function route() {
  const [path, asked = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [name, ...rest] = path.split("/").map((part) => { try { return decodeURIComponent(part); } catch { return part; } });
  return { name: about.views.includes(name) ? name : about.views[0], rest, asked: new URLSearchParams(asked) };
}

async function open() {
  const { name, rest, asked } = route();
  if (leave) leave.abort();
  leave = new AbortController();
  const { signal } = leave;
  drawBar(name);
  document.title = `${VIEWS[name][0]} · reward-server`;
  try {
    await VIEWS[name][1](view, { rest, asked, signal, about });
  } catch (error) {
    if (!signal.aborted) show(view, problem(error));
  }
}

export function problem(error) {
  if (error.status === 401) return askForToken();
  return h("div", { class: "problem", role: "alert" }, h("h1", {}, "This could not be shown"), h("p", {}, error.message),
    h("button", { type: "button", onclick: open }, "try again"));
}

function askForToken() {
  const field = h("input", { type: "password", id: "token", autocomplete: "off", required: true });
  const form = h("form", { class: "problem" }, h("h1", {}, "This service asks for a token"),
    h("p", {}, "The API's bearer token (", h("code", {}, "REWARD_API_TOKEN"), "), or the readers' where stored completions have one of their own. It is kept until this tab is closed."),
    h("label", { for: "token" }, "Token"), field, h("button", { type: "submit" }, "open"), token() ? h("p", { role: "alert" }, "The token given is not taken for this.") : null);
  form.addEventListener("submit", (event) => { event.preventDefault(); keepToken(field.value.trim()); open(); });
  return form;
}

function drawBar(current) {
  const links = about.views.map((name) => h("a", { href: `#/${name}`, "aria-current": name === current ? "page" : null }, VIEWS[name][0]));
  show(bar, h("span", { class: "brand" }, h("span", { class: "dot", "aria-hidden": "true" }), "reward-server", h("small", {}, about.version)),
    h("nav", { "aria-label": "Views" }, links),
    h("span", { class: "tools" }, opened ? h("button", { type: "button", class: "quiet", onclick: close }, "close the log") : null, isReport || !about.api ? null : h("a", { href: "docs" }, "API"),
      token() ? h("button", { type: "button", class: "quiet", onclick: () => { keepToken(""); open(); } }, "forget token") : null,
      h("button", { type: "button", class: "quiet", id: "theme", "aria-label": "light or dark", onclick: switchTheme }, "◐")));
}

function switchTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = document.documentElement.dataset.theme || (dark ? "dark" : "light");
  document.documentElement.dataset.theme = now === "dark" ? "light" : "dark";
  try { localStorage.setItem("reward-server-theme", document.documentElement.dataset.theme); } catch { /* kept for this page alone */ }
  document.dispatchEvent(new Event("theme"));
}

async function start() {
  try {
    const kept = localStorage.getItem("reward-server-theme");
    if (kept === "dark" || kept === "light") document.documentElement.dataset.theme = kept;
  } catch { /* the system's choice then */ }
  try {
    about = await get("window/api/about");
  } catch (error) {
    show(view, h("div", { class: "problem", role: "alert" }, h("h1", {}, "The service does not answer"), h("p", {}, error.message)));
    return;
  }
  window.addEventListener("hashchange", open);
  await open();
}

if (document.readyState === "complete") start();
else window.addEventListener("load", start);
