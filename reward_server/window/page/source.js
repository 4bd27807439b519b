// Where the page's data comes from: this server, with the token that was asked for, or what a report holds.

const held = document.getElementById("held-data");
const answers = held === null ? null : JSON.parse(held.textContent);
const KEY = "reward-server-token";

export const isReport = answers !== null;

// The log that was opened through the page stands in its address, so that a link or a reload keeps it.
export const opened = isReport ? "" : new URLSearchParams(location.search).get("log") || "";
const OF_A_LOG = /^window\/api\/(runs|curve|groups|task|verdicts|verdict|look|summary)$/;

export class Refused extends Error {
  constructor(status, body) {
    super(body.detail || `HTTP ${status}`);
    this.status = status;
    this.problems = body.problems || [];
  }
}

export function token() {
  return sessionStorage.getItem(KEY) || "";
}

export function keepToken(value) {
  if (value) sessionStorage.setItem(KEY, value);
  else sessionStorage.removeItem(KEY);
}

function headers() {
  return token() ? { Authorization: `Bearer ${token()}` } : {};
}

async function body(response) {
  const content = await response.json().catch(() => ({ detail: `HTTP ${response.status}` }));
  if (!response.ok) throw new Refused(response.status, content);
  return content;
}

export function query(parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== "");
  given.sort(([one], [other]) => (one < other ? -1 : 1));
  return given.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
}

export async function get(path, parameters = {}) {
  const asked = query(opened && OF_A_LOG.test(path) ? { ...parameters, log: opened } : parameters);
  const address = asked ? `${path}?${asked}` : path;
  if (answers !== null) {
    if (!(address in answers)) throw new Refused(404, { detail: "this report does not hold that" });
    return answers[address];
  }
  return body(await fetch(address, { headers: headers() }));
}

// What is tried on the page stands in the log under a run of its own, so that no run's curve moves.
export async function post(path, content, signal) {
  return body(await fetch(path, { method: "POST", signal, headers: { ...headers(), "Content-Type": "application/json", "X-Reward-Run": "playground" }, body: JSON.stringify(content) }));
}

export async function openLog(file, signal) {
  const sent = { ...headers(), "Content-Type": "application/x-ndjson", "X-Reward-Log": encodeURIComponent(file.name).slice(0, 500) };
  return body(await fetch("window/api/logs", { method: "POST", signal, headers: sent, body: file }));
}

export async function closeLog() {
  await fetch(`window/api/logs/${opened}`, { method: "DELETE", headers: headers() });
}

// Server-sent events by `fetch`, because an `EventSource` cannot carry a token.
export async function events(path, signal, take) {
  const response = await fetch(path, { headers: { ...headers(), Accept: "text/event-stream" }, signal });
  if (!response.ok) await body(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const data = part.split("\n").filter((line) => line.startsWith("data:")).map((line) => line.slice(5)).join("\n");
      if (data) take(JSON.parse(data));
    }
  }
}
