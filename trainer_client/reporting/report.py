"""One page about a run, readable without a server or a network: curves, figures, and samples over time.

The samples are the "aha moment" viewer: the same held-out problems at each evaluation, reflective words marked, and
beneath each completion the verdict with the evidence that decided it. Completions are untrusted text; all of it is
escaped, and the page runs no script.
"""

import json
import tomllib
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from trainer_client.reporting.figures import Run, draw
from trainer_client.training.config import CONFIG
from trainer_client.training.journal import METRICS, SAMPLES, read_rows
from trainer_client.training.reflection import PATTERN

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; }
table { border-collapse: collapse; font-size: 13px; } td, th { padding: .2rem .7rem; text-align: right; }
tr:nth-child(even) { background: #f4f4f2; } th { border-bottom: 1px solid #999; }
article { border-left: 4px solid #bbb; margin: .8rem 0; padding: .1rem .9rem; }
article.correct { border-color: #2b8a5f; } article.incorrect { border-color: #c2571a; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .3rem 0; font-size: 13px; }
mark { background: #ffe9a8; } small { color: #666; } svg { max-width: 100%; height: auto; }
"""
SHOWN_EVALUATIONS = 12
LONGEST_COMPLETION = 4_000


def write_report(folder: Path, target: Path | None = None) -> Path:
    """Write `report.html` about the run in `folder` and return its path; figures go beside it.

    A run whose samples were not kept gets a page without them.
    """
    target = target or folder / "report.html"
    run = Run.read(folder)
    _, svg = draw([run], target.with_name("curves"), title=folder.name)
    figure = svg.read_text(encoding="utf-8")
    rows = read_rows(folder / SAMPLES) if (folder / SAMPLES).exists() else []
    samples = [row for row in rows if row["kind"] == "evaluation"] or rows
    page = f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(folder.name)}</title>
<style>{_STYLE}</style><h1>{escape(folder.name)}</h1>
{_about(folder, run)}
{figure[figure.index("<svg") :]}
{_table(run.evaluations)}{_timeline(samples)}</html>
"""
    target.write_text(page, encoding="utf-8")
    return target


def _about(folder: Path, run: Run) -> str:
    """Return what was trained, how far and how: all that the run's folder says."""
    kept = folder / CONFIG
    fields = tomllib.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    written = datetime.fromtimestamp((folder / METRICS).stat().st_mtime, UTC)
    steps = run.training[-1]["step"] if run.training else 0
    of = f" of {fields['steps']}" if "steps" in fields else ""
    model = f"Model {escape(str(fields['model']))}, step" if "model" in fields else "Step"
    rows = "".join(f"<tr><td>{escape(name)}</td><td>{escape(str(value))}</td></tr>" for name, value in fields.items())
    table = f"<details><summary>Configuration</summary><table>{rows}</table></details>" if rows else ""
    return f"<p>{model} {steps}{of}, last written {written:%Y-%m-%d %H:%M} UTC.</p>{table}"


def _table(evaluations: list[dict[str, Any]]) -> str:
    if not evaluations:
        return ""
    names = ("pass@1", "cons@k", "format", "length", "reflection")
    head = "".join(f"<th>{name}</th>" for name in ("step", *names))
    body = "".join(
        f"<tr><td>{row['step']}</td>" + "".join(f"<td>{row.get(name) or 0.0:.3f}</td>" for name in names) + "</tr>"
        for row in evaluations
    )
    return f"<h2>Evaluations</h2><table><tr>{head}</tr>{body}</table>"


def _timeline(samples: list[dict[str, Any]]) -> str:
    if not samples:
        return ""
    steps = sorted({row["step"] for row in samples})
    kept = set(steps[:: max(1, -(-len(steps) // SHOWN_EVALUATIONS))]) | set(steps[-1:])
    prompts = list(dict.fromkeys(row["prompt"] for row in samples if row["step"] in kept))
    parts = []
    for prompt in prompts:
        articles = "".join(_article(row) for row in samples if row["prompt"] == prompt and row["step"] in kept)
        parts.append(f"<h3>{escape(prompt)}</h3>{articles}")
    told = "Reflective words are marked; beneath each completion is what the service said of it, and why."
    return f"<h2>The same problems over time</h2><p><small>{told}</small></p>{''.join(parts)}"


def _article(row: dict[str, Any]) -> str:
    verdict = dict(row["verdict"])
    outcome = str(verdict.pop("outcome"))
    text = PATTERN.sub(r"<mark>\g<0></mark>", escape(row["completion"][:LONGEST_COMPLETION]))
    evidence = escape(json.dumps(verdict, ensure_ascii=False))
    return (
        f'<article class="{escape(outcome)}"><small>step {row["step"]} · {escape(outcome)}</small>'
        f"<pre>{text}</pre><details><summary><small>evidence</small></summary><pre>{evidence}</pre></details></article>"
    )
