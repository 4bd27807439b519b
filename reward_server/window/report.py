"""A page that needs no server: the same modules and style in one file, with the answers they would ask a server for.

A file has no origin that a policy could name, so everything inline is allowed by its digest and nothing else is.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from reward_server import __version__, exact_json
from reward_server.window.files import FOLDER
from reward_server.window.records import asking, curves, looking, tasks
from reward_server.window.records.asking import Wanted
from reward_server.window.records.index import LogIndex

HELD = 2000
"""Verdicts that a report holds whole, those to look at first."""
_HELD_BYTES = 32 << 20
_PAGES = 20
"""Of each list."""
_IMPORT = re.compile(r'^import \{ (.+) \} from "\./(.+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|const|class) (\w+))", re.MULTILINE)
_FONT = re.compile(r"url\((fonts/[\w-]+\.woff2)\)")
_OLDER_FONTS = re.compile(r',url\(fonts/[\w-]+\.(?:woff|ttf)\) format\("\w+"\)')
_UNRESERVED = "!~*'()"
"""What `encodeURIComponent` leaves as it is."""
_SCRIPTS = ("katex.min.js", "uPlot.iife.min.js", "highlight.min.js")


def write_report(log: Path, target: Path) -> int:
    """Write the page on a log of verdicts to one file; return how many verdicts it holds whole.

    The log's index is made beside it.

    Raises:
        OSError: the file cannot be written.
    """
    index = LogIndex(log)
    index.refresh()
    answers = dict(_answers(index))
    target.write_text(_page(answers), encoding="utf-8")
    return sum(address.startswith("window/api/verdict?") for address in answers)


def _answers(index: LogIndex) -> Iterator[tuple[str, Any]]:
    """Yield every address that the page may ask with what a server would answer."""
    runs, look = asking.runs(index), looking.look(index)
    names = [run["run"] for run in runs]
    outcomes: dict[str, None] = {}
    views = {"views": ["runs", "look"], "token": False, "api": False, "log": True, "uploads": 0}
    yield "window/api/about", {"version": __version__, **views}
    yield "window/api/runs", {"runs": runs, "progress": index.progress()}
    yield "window/api/look", look
    for name in names:
        yield _address("look", run=name), looking.look(index, name)
        curve = curves.curve(index, name)
        yield _address("curve", run=name), curve
        outcomes |= dict.fromkeys(curve["outcomes"])
        for kind in curve["kinds"]:
            yield _address("curve", run=name, kind=kind), curves.curve(index, name, kind)
        for step in curve["step"]:
            yield _address("groups", run=name, step=step), asking.groups(index, name, step)
    for each in {row["task"]: None for sets in look["tasks"].values() for row in sets}:
        yield _address("task", id=each), tasks.task(index, int(each))
    listed: dict[int, None] = {}
    for wanted in _lists(names, [one["signal"] for one in look["signals"] if one["n"]], outcomes):
        after = 0
        for _ in range(_PAGES):
            page = asking.verdicts(index, Wanted(**wanted, after=after))
            yield _address("verdicts", **wanted, after=after or None), page
            listed |= {row["id"]: None for row in page["verdicts"]}
            after += len(page["verdicts"])
            if after >= page["total"]:
                break
    held = 0
    for number in list(listed)[:HELD]:
        told = asking.verdict(index, number)
        held += len(exact_json.dumps(told))
        if held > _HELD_BYTES:
            return
        yield _address("verdict", id=number), told


def _lists(runs: list[str], signals: list[str], outcomes: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield what lists are narrowed to, those to look at first before all."""
    for signal in signals:
        yield {"signal": signal}
        yield from ({"signal": signal, "run": run} for run in runs)
    yield {}
    yield from ({"outcome": outcome} for outcome in outcomes)


def _address(name: str, **parameters: Any) -> str:
    """Return an address as `source.js` writes it."""
    given = sorted((key, str(value)) for key, value in parameters.items() if value is not None)
    written = "&".join(f"{key}={quote(value, safe=_UNRESERVED)}" for key, value in given)
    return f"window/api/{name}" + (f"?{written}" if written else "")


def _page(answers: dict[str, Any]) -> str:
    style = "\n".join([_fonts_inside(_read("vendored/katex.min.css")), _read("vendored/uPlot.min.css")])
    style += _read("page/window.css")
    scripts = [_inside_a_script(_read(f"vendored/{name}")) for name in _SCRIPTS]
    scripts.append(_inside_a_script(bundle("main.js")))
    allowed = " ".join(_digest(script) for script in scripts)
    policy = (
        f"default-src 'none'; script-src {allowed}; style-src {_digest(style)}; font-src data:; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    held = exact_json.dumps(answers).decode().replace("<", "\\u003c")
    return "".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>reward-server</title>\n',
            f"<style>{style}</style>\n</head>\n<body>\n",
            '<a class="skip" href="#view">Skip to content</a>\n<header id="bar"></header>\n',
            '<main id="view" tabindex="-1"></main>\n',
            f'<script type="application/json" id="held-data">{held}</script>\n',
            *(f"<script>{script}</script>\n" for script in scripts),
            "</body>\n</html>\n",
        ]
    )


def bundle(name: str) -> str:
    """Return a module with all that it imports as one script.

    The page's modules keep to a form in which that is a matter of lines: named imports, exports before declarations.
    """
    done: dict[str, str] = {}

    def add(module: str) -> None:
        if module in done:
            return
        done[module] = ""
        text = _read(f"page/{module}")
        for _, imported in _IMPORT.findall(text):
            add(imported)
        names = [found[1] for found in _EXPORT.findall(text)]
        body = _EXPORT.sub(r"\1", _IMPORT.sub(r'const { \1 } = modules["\2"];', text))
        del done[module]
        done[module] = f'modules["{module}"] = (() => {{\n{body}\nreturn {{ {", ".join(names)} }};\n}})();\n'

    add(name)
    return '"use strict";\n(() => {\nconst modules = {};\n' + "".join(done.values()) + "})();\n"


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _fonts_inside(style: str) -> str:
    def inside(found: re.Match[str]) -> str:
        font = base64.b64encode((FOLDER / "vendored" / found[1]).read_bytes()).decode()
        return f"url(data:font/woff2;base64,{font})"

    return _FONT.sub(inside, _OLDER_FONTS.sub("", style))


def _inside_a_script(script: str) -> str:
    """Write what would end or change an inline script in another way of the same meaning."""
    return re.sub(r"<(?=/script|script)", r"\\x3c", script.replace("<!--", "\\x3c!--"), flags=re.IGNORECASE)


def _digest(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
