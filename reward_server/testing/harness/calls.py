"""Call functions of JavaScript and TypeScript programs with JSON arguments, by a harness behind the program.

The program runs as a script; the harness reads `{"name", "args"}` from a file, since examples under a function often
read standard input, calls the function and writes
its value behind a mark, as the same canonical JSON that Python values travel in. Whatever the program does to the
harness it can only change the value, which is compared outside. More than one mark is a sign of forgery: no result.
"""

import json
from dataclasses import replace
from typing import Any

import orjson

from reward_server.testing.harness.modules import as_script
from sandboxes.execution import Execution, Invocation, Status

LANGUAGES = frozenset({"javascript", "typescript"})
_MARK = b"\n\x01reward-value:"
_CALL = "reward-call.json"
_HARNESS = r"""
;(() => {
  const order = JSON.parse(require("fs").readFileSync("reward-call.json", "utf8"));
  const write = require("fs").writeSync;
  const plain = (value, depth) => {
    if (value === undefined || value === null) return "null";
    if (depth > 400) throw new Error("nested too deeply");
    switch (typeof value) {
      case "boolean": return value ? "true" : "false";
      case "number":
        if (Number.isInteger(value) && Math.abs(value) < 1e21) return value.toFixed(0);
        if (Number.isFinite(value)) return String(value);
        return `{"float":"${Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf"}"}`;
      case "bigint": return `{"int":"${value < 0n ? "-" : ""}0x${(value < 0n ? -value : value).toString(16)}"}`;
      case "string": return JSON.stringify(value);
      case "object": break;
      default: throw new Error("a value of type " + typeof value);
    }
    const kind = Object.getPrototypeOf(value);
    if (Array.isArray(value)) return "[" + Array.from(value, item => plain(item, depth + 1)).join(",") + "]";
    if (value instanceof Set) return `{"set":[${Array.from(value, item => plain(item, depth + 1)).join(",")}]}`;
    const own = kind === Object.prototype || kind === null ? Object.entries(value) : null;
    const pairs = value instanceof Map ? [...value] : own;
    if (pairs === null) throw new Error("a value of a class");
    return `{"dict":[${pairs.map(([key, item]) => `[${plain(key, depth + 1)},${plain(item, depth + 1)}]`).join(",")}]}`;
  };
  const find = () => {
    const [owner, method] = order.name.split(".");
    if (method === undefined) {
      try { const found = eval(order.name); if (typeof found === "function") return found; } catch (missing) {}
      const exported = typeof module === "object" ? module.exports : {};
      const offered = [exported[order.name], exported.default, exported].find(each => typeof each === "function");
      if (offered !== undefined) return offered;
    }
    const instance = eval(`new ${method === undefined ? "Solution" : owner}()`);
    return instance[method === undefined ? owner : method].bind(instance);
  };
  Promise.resolve(find()(...order.args)).then(value => {
    const bytes = Buffer.from("\n\x01reward-value:" + plain(value, 0) + "\n");
    for (let done = 0; done < bytes.length;) done += write(1, bytes, done);
  }).catch(error => { console.error(error); process.exitCode = 1; });
})();
"""


def harnessed(source: str) -> str:
    """Return the program with the harness behind it; an ECMAScript module becomes a script for it."""
    return f"{as_script(source)}\n{_HARNESS}"


def as_script_run(invocation: Invocation) -> Invocation:
    """Return the run of the harnessed program that makes the call."""
    order = {"name": invocation.function, "args": list(invocation.args)}
    files = {**invocation.files, _CALL: json.dumps(order).encode()}
    return replace(invocation, files=files, function=None, args=())


def with_value(execution: Execution) -> Execution:
    """Return the execution with the value its output ends in, or with `NO_RESULT` when it delivered none."""
    if execution.status is not Status.OK:
        return execution
    head, mark, text = execution.stdout.rpartition(_MARK)
    value, readable = _read(text) if mark else (None, False)
    if not readable:
        return replace(execution, status=Status.NO_RESULT, error="the program ended without a value")
    if _MARK in head:
        flags = (*execution.flags, "several_results")
        return replace(execution, status=Status.NO_RESULT, error="more than one value", flags=flags)
    return replace(execution, stdout=head, value=value)


def _read(text: bytes) -> tuple[Any, bool]:
    try:
        return orjson.loads(text), True
    except orjson.JSONDecodeError:
        return None, False
